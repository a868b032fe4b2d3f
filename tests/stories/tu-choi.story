# Trẻ đã được khai sinh: cán bộ từ chối tiếp nhận, người dân đọc được vì sao và làm gì tiếp
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
  bấm "Từ chối tiếp nhận" can_cu="khoản 1 Điều 16 Luật Hộ tịch" -> 422 có "Nhập lý do" 
  bấm "Từ chối tiếp nhận" ly_do="Trẻ đã được khai sinh tại phường Tam Thanh. Chị liên hệ nơi đó để xin bản sao." -> 200 có "Đã từ chối tiếp nhận"
  GET  /viec/{yc}/mau/3                            -> 200 kiểu application/pdf
  GET  /viec/{yc}/mot-cua/tiep-nhan                -> 409 có "Chưa thể tiếp nhận" có "Không tiếp nhận"
như người dân
  GET  /ho-so/{yc}                                 -> 200 có "Không được tiếp nhận" có "Chị liên hệ nơi đó" có "khoản 1 Điều 16"
  GET  /ho-so/{yc}/mau/3                           -> 200 kiểu application/pdf
  GET  /ho-so/{yc}/rut                             -> 409 có "Chưa thể rút hồ sơ"
  GET  /thong-bao                                  -> 200 có "Hồ sơ không được tiếp nhận"
như khách
  GET  /tra-cuu?ma={yc}                            -> 200 có "Không được tiếp nhận" không có "Mai"
kiểm nhật ký
