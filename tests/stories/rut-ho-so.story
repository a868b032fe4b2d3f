# Chị Mai khai nhầm tên con, rút hồ sơ; sau khi rút không ai làm tiếp được
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
như người dân
  GET  /ho-so/{yc}/rut                             -> 200 có "không mở lại được"
  bấm "Rút hồ sơ"                                  -> 422 có "Nhập lý do"
  bấm "Rút hồ sơ" ly_do="Khai nhầm tên đệm của cháu." -> 200 có "Đã rút hồ sơ" có "Bạn đã rút hồ sơ"
  GET  /ho-so/{yc}/rut                             -> 409 có "Đã rút"
như chuyên viên
  GET  /viec                                       -> 200 không có "H37.114-261123-0001"
  GET  /viec/H37.114-261123-0001                   -> 200 có "Đã rút"
  GET  /viec/H37.114-261123-0001/xu-ly/nhan        -> 409 có "Đã rút"
như người dân khác
  GET  /ho-so/{yc}                                 -> 404
  GET  /ho-so/{yc}/rut                             -> 404
kiểm nhật ký
