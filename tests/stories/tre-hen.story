# Trễ hẹn: lãnh đạo xin lỗi và hẹn lại một lần; trễ vẫn là trễ, kết quả vẫn được trả
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
lúc 08:00 25/11/2026
như lãnh đạo
  GET  /viec                                       -> 200 có "Quá hạn 1" không có "H37.114-261123-0001"
  GET  /viec?han=qua                               -> 200 có "Quá" có "H37.114-261123-0001"
  GET  /viec/H37.114-261123-0001/ky/hen-lai        -> 200
  bấm "Gửi lời xin lỗi và ngày hẹn mới" ly_do="Mất điện cả ngày." ngay_hen-ngay=31 ngay_hen-thang=11 ngay_hen-nam=2026 -> 422 có "không có trong lịch"
  bấm "Gửi lời xin lỗi và ngày hẹn mới" ngay_hen-ngay=28 ngay_hen-thang=11 ngay_hen-nam=2026 -> 422 có "ngày nghỉ"
  bấm "Gửi lời xin lỗi và ngày hẹn mới" ngay_hen-ngay=27 ngay_hen-thang=11 ngay_hen-nam=2026 -> 200 có "Đã xin lỗi và hẹn lại"
  GET  /viec/H37.114-261123-0001/mau/4             -> 200 kiểu application/pdf
như người dân
  GET  /ho-so/{yc}
  tiếp
  bấm "Đăng nhập" tai_khoan=020192999101 mat_khau="tinhso-2026"             -> 200 có "27/11/2026" có "xin lỗi"
  GET  /thong-bao                                  -> 200 có "Chúng tôi xin lỗi vì trả kết quả chậm"
  GET  /ho-so/{yc}/mau/4                           -> 200 kiểu application/pdf
như chuyên viên
  GET  /viec/H37.114-261123-0001                   -> 200 có "Quá"
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện."        -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /viec/H37.114-261123-0001/ky/hen-lai
  POST /viec/H37.114-261123-0001/ky/hen-lai ly_do="Nữa." ngay_hen-ngay=30 ngay_hen-thang=11 ngay_hen-nam=2026 -> 409 có "một lần"
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 200
  bấm "Phê duyệt và ký"                            -> 200 có "Đang ký kết quả"
chạy việc nền
như người dân
  GET  /ho-so/{yc}                                 -> 200 có "Đã có Giấy khai sinh"
kiểm nhật ký
