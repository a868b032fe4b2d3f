# Phải nộp tiền mới giải quyết tiếp: người dân thấy khoản phải nộp, quầy thu và ghi biên lai, đồng hồ chạy tiếp chỗ đã dừng
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
  GET  /viec/{yc}/mot-cua/da-nop                   -> 409 có "Chưa thể xác nhận thu"
  GET  /viec/{yc}/mot-cua/tiep-nhan                -> 200
  bấm "Tiếp nhận" chuyen_luon=1                    -> 200 có "Đã tiếp nhận, mã hồ sơ H37.114-261123-0001"
như chuyên viên
  GET  /viec/H37.114-261123-0001                   -> 200 có "Hẹn trả 17:30 thứ Hai, 23/11/2026" có "Yêu cầu nộp tiền…"
  GET  /viec/H37.114-261123-0001/xu-ly/nop-tien    -> 200 có "Thời hạn tạm dừng"
  bấm "Gửi yêu cầu" ly_do="Lệ phí xác minh giấy tờ nước ngoài." can_cu="Thông báo 21/TB-CCT" -> 422 có "Nhập số tiền phải nộp"
  bấm "Gửi yêu cầu" so_tien="1.250.000" ly_do="Lệ phí xác minh giấy tờ nước ngoài." can_cu="Thông báo 21/TB-CCT" -> 200 có "Đã yêu cầu nộp tiền" có "Chờ nghĩa vụ tài chính"
như người dân
  GET  /ho-so/{yc}                                 -> 200 có "Bạn cần nộp 1.250.000" có "Lệ phí xác minh giấy tờ nước ngoài." có "Thông báo số 01/NVTC" có "Nộp tiền mặt tại Trung tâm Phục vụ hành chính công phường Kỳ Lừa" có "chưa nộp trực tuyến được"
  GET  /thong-bao                                  -> 200 có "Bạn cần nộp tiền"
như khách
  GET  /tra-cuu?ma=H37.114-261123-0001             -> 200 có "Bạn cần nộp tiền" không có "1.250.000"
như lãnh đạo
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 409 có "Chưa thể phê duyệt và ký"
lúc 09:00 30/11/2026
như cán bộ một cửa
  GET  /viec/H37.114-261123-0001
  tiếp
  bấm "Đăng nhập" tai_khoan=motcua.kylua mat_khau="tinhso-2026" -> 200 không có "Quá hạn"
  GET  /viec/H37.114-261123-0001/mot-cua/da-nop    -> 200 có "1.250.000"
  bấm "Đã nộp đủ tiền" cach_nop=chung_tu           -> 422 có "Ghi chứng từ đã xem"
  bấm "Đã nộp đủ tiền" cach_nop=tien_mat           -> 200 có "biên lai số 1" có "Đang xử lý" có "Hẹn trả 17:30 thứ Hai, 30/11/2026"
  GET  /viec/H37.114-261123-0001/mot-cua/da-nop    -> 409 có "Chưa thể xác nhận thu"
như người dân
  GET  /ho-so/{yc}
  tiếp
  bấm "Đăng nhập" tai_khoan=020192999101 mat_khau="tinhso-2026" -> 200 có "Đã nộp tiền, biên lai số 1/2026" không có "Bạn cần nộp 1.250.000"
kiểm nhật ký
