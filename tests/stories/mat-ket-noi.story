# Mạng đứt khi gửi: gửi lại thì vẫn một hồ sơ, một mã, một câu trả lời
như người dân
  POST /nop-ho-so/1.001193/khai/1 quan_he_voi_nguoi_duoc_khai_sinh="Mẹ"
  POST /nop-ho-so/1.001193/khai/2 ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Bệnh viện Đa khoa tỉnh Lạng Sơn" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn"
  POST /nop-ho-so/1.001193/khai/3 ho_ten_me="Hoàng Thị Mai"
  POST /nop-ho-so/1.001193/khai/4
  POST /nop-ho-so/1.001193/khai/5
  POST /nop-ho-so/1.001193/khai/6 de_nghi_cap_ban_sao=Không
  POST /nop-ho-so/1.001193/giay-to giay_to.000.00.00.G15-KQ004389=@giay-chung-sinh.pdf
  GET  /nop-ho-so/1.001193/kiem-tra                -> 200 có "Lương Bảo Khôi"
  mất kết nối
  bấm "Gửi hồ sơ" noi_nop=H37.114.01 tra=dien_tu cam_doan=1
  gửi lại                                          -> 200 có "Đã gửi hồ sơ"
  ghi {yc} sau "Mã yêu cầu của bạn"
  gửi lại                                          -> 200 có "{yc}"
như cán bộ một cửa
  GET  /viec                                       -> 200 có "1 việc"
  GET  /viec/{yc}/mot-cua/tiep-nhan                -> 200
  mất kết nối
  bấm "Tiếp nhận"
  gửi lại                                          -> 200 có "H37.114-261123-0001"
  gửi lại                                          -> 200 có "H37.114-261123-0001" không có "Lỗi"
khởi động lại
  gửi lại                                          -> 200 có "H37.114-261123-0001"
như chuyên viên
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện."        -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 200
  mất kết nối
  bấm "Phê duyệt và ký"
  gửi lại                                          -> 200
chạy việc nền
  gửi lại                                          -> 200
chạy việc nền
như người dân
  GET  /ho-so/{yc}                                 -> 200 có "Đã có Giấy khai sinh" có "01/2026/KS"
kiểm nhật ký
