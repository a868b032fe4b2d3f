# Chị Mai đăng ký khai sinh cho con trên mạng: nộp, tiếp nhận, thẩm tra, ký, nhận kết quả, đánh giá
như người dân
  GET  /tim?q=dang+ky+khai+sinh                    -> 200 có "Thủ tục đăng ký khai sinh"
  GET  /thu-tuc/1.001193                           -> 200 có "Giấy chứng sinh" có "Trong ngày"
  GET  /nop-ho-so/1.001193                         -> 303 /nop-ho-so/1.001193/khai/1
  tiếp                                             -> 200 có "Người yêu cầu" có "Hoàng Thị Mai"
  bấm "Tiếp tục" quan_he_voi_nguoi_duoc_khai_sinh="Mẹ"  -> 200 /nop-ho-so/1.001193/khai/2 có "Trẻ được khai sinh"
  bấm "Tiếp tục"                                   -> 422 có "Họ, chữ đệm, tên của trẻ"
  bấm "Tiếp tục" ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Bệnh viện Đa khoa tỉnh Lạng Sơn" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn" -> 200 /nop-ho-so/1.001193/khai/3
  bấm "Lưu, làm sau" ho_ten_me="Hoàng Thị Mai"     -> 200 /ho-so có "Đã lưu nháp"
sau 2 giờ
  GET  /ho-so                                      -> 303 /khoa?ve=%2Fho-so
  tiếp                                             -> 200 có "khóa"
  bấm "Mở khóa" mat_khau="tinhso-2026"             -> 200 /ho-so
  GET  /nop-ho-so/1.001193/khai/2                  -> 200 có "Đã lưu nháp lúc 09:00"
  GET  /nop-ho-so/1.001193/khai/3                  -> 200
  bấm "Tiếp tục"                                   -> 200 /nop-ho-so/1.001193/khai/4
  bấm "Tiếp tục"                                   -> 200 /nop-ho-so/1.001193/khai/5
  bấm "Tiếp tục"                                   -> 200 /nop-ho-so/1.001193/khai/6
  bấm "Tiếp tục" de_nghi_cap_ban_sao=Không         -> 200 /nop-ho-so/1.001193/giay-to có "Giấy chứng sinh"
  bấm "Tiếp tục"                                   -> 200 có "Giấy chứng sinh" có "chỗ cần sửa"
  bấm "Tiếp tục" giay_to.000.00.00.G15-KQ004389=@giay-chung-sinh.pdf -> 200 /nop-ho-so/1.001193/kiem-tra có "giay-chung-sinh.pdf" có "12/11/2026" có "Lương Bảo Khôi"
  bấm "Gửi hồ sơ"                                  -> 422 có "Chọn nơi nộp" có "cam đoan"
  bấm "Gửi hồ sơ" noi_nop=H37.114.01 tra=dien_tu cam_doan=1 -> 200 có "Đã gửi hồ sơ" có "phường Kỳ Lừa"
  ghi {yc} sau "Mã yêu cầu của bạn"
  GET  /ho-so                                      -> 200 có "{yc}"
  GET  /ho-so/{yc}                                 -> 200 có "chờ cán bộ tiếp nhận"
  GET  /thong-bao                                  -> 200 có "Đã nhận được hồ sơ bạn gửi"
như cán bộ một cửa
  GET  /viec                                       -> 200 có "Hoàng Thị Mai"
  GET  /viec/{yc}                                  -> 200 có "Lương Bảo Khôi" có "Người nộp là gì của trẻ?" có "Lượt xem được ghi lại"
  GET  /viec/{yc}/mot-cua/tiep-nhan                -> 200
  bấm "Tiếp nhận"                                  -> 200 có "Đã tiếp nhận, mã hồ sơ H37.114-261123-0001"
  GET  /viec/H37.114-261123-0001/mau/1             -> 200 kiểu application/pdf
như người dân
  GET  /ho-so/{yc}                                 -> 200 có "H37.114-261123-0001" có "17:30"
  GET  /ho-so/{yc}/mau/1                           -> 200 kiểu application/pdf
  GET  /tai-khoan/ai-da-doc                        -> 200 có "Lương Thị Hạnh"
như chuyên viên
  GET  /viec/H37.114-261123-0001                   -> 200 có "Đang xử lý"
  GET  /viec/H37.114-261123-0001/xu-ly/nhan        -> 200
  bấm "Nhận xử lý"                                 -> 200 có "Đã nhận xử lý"
như lãnh đạo
  GET  /viec                                       -> 200 có "Không còn việc nào đang chờ" không có "H37.114-261123-0001"
  GET  /viec?han=don-vi&trang-thai=tham_tra        -> 200 có "Bước: Chờ thẩm tra" có "H37.114-261123-0001"
như chuyên viên
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện cấp Giấy khai sinh." -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261123-0001/du-thao.pdf       -> 200 kiểu application/pdf
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 403
  GET  /viec                                       -> 200 không có "H37.114-261123-0001"
  GET  /viec?han=don-vi&xep=buoc                   -> 200 có "Chờ phê duyệt, ký" có "H37.114-261123-0001"
như lãnh đạo
  GET  /viec                                       -> 200 có "H37.114-261123-0001"
  GET  /viec/H37.114-261123-0001                   -> 200 có "Đủ điều kiện cấp Giấy khai sinh."
  GET  /viec/H37.114-261123-0001/ky/tra-lai        -> 200
  bấm "Trả lại" ly_do="Thêm nơi cư trú của mẹ."    -> 200 có "Đã trả lại"
như chuyên viên
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200 có "Thêm nơi cư trú của mẹ."
  mở "Sửa nội dung"                                -> 200
  bấm "Lưu dự thảo" noi_cu_tru_me="Tổ 1, phường Kỳ Lừa" -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200
như lãnh đạo
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 200
  bấm "Phê duyệt và ký"                            -> 200 có "Đang ký kết quả"
chạy việc nền
  GET  /viec/H37.114-261123-0001                   -> 200 có "Kết quả đã ký (PDF)"
như người dân
  GET  /ho-so/{yc}                                 -> 200 có "Đã có Giấy khai sinh" có "Tải kết quả"
  GET  /ho-so/{yc}/ket-qua                         -> 200 kiểu application/pdf
  GET  /ho-so/{yc}
  ghi {xm} trong "/xac-minh/{xm}"
  bấm "Xác nhận đã nhận kết quả"                   -> 200 có "Đã ghi nhận bạn nhận kết quả"
  bấm "Gửi đánh giá" muc=3 y_kien="Nhanh, dễ làm." -> 200 có "Cảm ơn bạn đã đánh giá"
như khách
  GET  /xac-minh/{xm}                              -> 200 có "Văn bản hợp lệ" có "L*** B*** K***" có "Bế Văn Lâm" không có "Khôi"
  GET  /tra-cuu?ma=H37.114-261123-0001             -> 200 có "Đã trả kết quả" không có "Mai"
  GET  /ho-so/{yc}                                 -> 303
kiểm nhật ký
