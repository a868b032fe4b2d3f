# Người dân đăng nhập, xem ai đã đọc dữ liệu của mình; cán bộ quên máy thì màn hình tự khóa
như khách
  GET  /tai-khoan                                  -> 303 /dang-nhap?ve=%2Ftai-khoan
  tiếp                                             -> 200 có "Mật khẩu"
  bấm "Đăng nhập" tai_khoan="020 192 999 101" mat_khau="tinhso-2026"  -> 200 /tai-khoan có "Hoàng Thị Mai"
như người dân
  GET  /tai-khoan/ai-da-doc                        -> 200 có "Chưa có ai mở"
như khách khác
  POST /dang-nhap tai_khoan=motcua.kylua mat_khau=sai -> 422 có "không đúng"
  mất kết nối
  POST /dang-nhap tai_khoan=motcua.kylua mat_khau=tinhso-2026
  gửi lại                                          -> 200
  GET  /tai-khoan                                  -> 200 có "Lương Thị Hạnh"
như cán bộ một cửa
  GET  /tai-khoan                                  -> 200 có "Lương Thị Hạnh"
  GET  /quan-tri/nguoi-dung                        -> 403 có "Hỏi"
sau 31 phút
  GET  /tai-khoan                                  -> 303 /khoa?ve=%2Ftai-khoan
  tiếp                                             -> 200 có "Màn hình đang khóa"
  bấm "Mở khóa" mat_khau="tinhso-2026"             -> 200 /tai-khoan có "Lương Thị Hạnh"
kiểm nhật ký
