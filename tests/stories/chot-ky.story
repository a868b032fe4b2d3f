# Chốt số liệu: hết tháng, lãnh đạo chốt và ký; số đã chốt không đổi, hồ sơ sửa sau chỉ hiện phần chênh; người khác không chốt được
như người dân
  POST /nop-ho-so/1.001193/khai/1 quan_he_voi_nguoi_duoc_khai_sinh="Mẹ"
  POST /nop-ho-so/1.001193/khai/2 ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Bệnh viện Đa khoa tỉnh Lạng Sơn" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn"
  POST /nop-ho-so/1.001193/khai/3 ho_ten_me="Hoàng Thị Mai"
  POST /nop-ho-so/1.001193/khai/4
  POST /nop-ho-so/1.001193/khai/5
  POST /nop-ho-so/1.001193/khai/6 de_nghi_cap_ban_sao=Không
  POST /nop-ho-so/1.001193/giay-to giay_to.000.00.00.G15-KQ004389=@giay-chung-sinh.pdf
  GET  /nop-ho-so/1.001193/kiem-tra                -> 200 có "Lương Bảo Khôi"
  bấm "Gửi hồ sơ" noi_nop=H37.114.01 tra=dien_tu cam_doan=1 -> 200 có "Đã gửi hồ sơ"
  ghi {yc} sau "Mã yêu cầu của bạn"
như cán bộ một cửa
  GET  /viec/{yc}/mot-cua/tiep-nhan                -> 200
  bấm "Tiếp nhận"                                  -> 200 có "Đã tiếp nhận, mã hồ sơ H37.114-261123-0001"
như chuyên viên
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện."        -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /dieu-hanh/chot-ky/2026-11                  -> 200 có "Kỳ này chưa hết" không có "Chốt và ký"
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 200
  bấm "Phê duyệt và ký"                            -> 200 có "Đang ký kết quả"
chạy việc nền
như người dân
  GET  /ho-so/{yc}
  bấm "Xác nhận"
lúc 08:00 01/12/2026
như chuyên viên thứ hai
  GET  /dieu-hanh/chot-ky                          -> 403
như thanh tra
  GET  /dieu-hanh
chạy việc nền
  GET  /dieu-hanh/chot-ky/2026-11?don-vi=H37.114   -> 200 có "Số liệu chưa chốt" không có "Chốt và ký số liệu"
như lãnh đạo
  GET  /dieu-hanh/chot-ky                          -> 303
  tiếp
  bấm "Đăng nhập" tai_khoan=chutich.kylua mat_khau="tinhso-2026"
chạy việc nền
  GET  /dieu-hanh/chot-ky                          -> 200 có "Tháng 11/2026"
  GET  /dieu-hanh/chot-ky/2026-11                  -> 200 có "Số liệu chưa chốt" có "Thủ tục đăng ký khai sinh"
  bấm "Chốt và ký số liệu"                         -> 200 có "Đã chốt số liệu Tháng 11/2026" có "Đến nay không có gì khác"
chạy việc nền
  GET  /dieu-hanh/chot-ky/2026-11                  -> 200 có "Đã chốt, đã ký" có "Bế Văn Lâm"
  GET  /dieu-hanh/chot-ky/2026-11/ban-ky           -> 200 kiểu application/pdf
  POST /dieu-hanh/chot-ky/2026-11                  -> 409 có "đã được chốt"
như lãnh đạo Tam Thanh
  GET  /dieu-hanh/chot-ky/2026-11/ban-ky?don-vi=H37.114 -> 403
  GET  /dieu-hanh/chot-ky/2026-11/ban-ky           -> 404
như lãnh đạo
  GET  /viec/H37.114-261123-0001/ky/dinh-chinh     -> 200 có "bản cũ giữ nguyên"
  bấm "Bắt đầu đính chính" ly_do="Ghi sai chữ đệm." -> 200
chạy việc nền
  GET  /dieu-hanh/chot-ky/2026-11                  -> 200 có "con số đã khác" có "−1" có "Con số đã chốt giữ nguyên"
kiểm nhật ký
