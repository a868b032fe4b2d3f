# Hai cán bộ mở cùng một hồ sơ: người thứ hai được báo, không ghi đè
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
  GET  /viec/{yc}/mot-cua/tu-choi                  -> 200
như cán bộ một cửa thứ hai
  GET  /viec/{yc}/mot-cua/tiep-nhan                -> 200
  bấm "Tiếp nhận"                                  -> 200 có "H37.114-261123-0001"
như cán bộ một cửa
  bấm "Từ chối tiếp nhận" ly_do="Thiếu giấy." can_cu="Điều 16" -> 409 có "vừa được người khác cập nhật"
  GET  /viec/{yc}                                  -> 200 có "Đang xử lý"
như cán bộ một cửa Tam Thanh
  GET  /viec/{yc}                                  -> 404 có "Không tìm thấy hồ sơ"
  GET  /viec/{yc}/mot-cua/tu-choi                  -> 404
như chuyên viên Tam Thanh
  GET  /viec/H37.114-261123-0001                   -> 404
  POST /viec/H37.114-261123-0001/xu-ly/nhan        -> 404
như chuyên viên
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200
như chuyên viên thứ hai
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200
  bấm "Lưu dự thảo" de_xuat="Bản thứ nhất."        -> 200 có "Đã lưu dự thảo"
như chuyên viên
  bấm "Lưu dự thảo" de_xuat="Bản thứ hai."         -> 409 có "vừa được người khác cập nhật"
  bấm "Lưu dự thảo"                                -> 200 có "Đã lưu dự thảo"
như chuyên viên thứ hai
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /viec/H37.114-261123-0001                   -> 200 có "Bản thứ hai."
kiểm nhật ký
