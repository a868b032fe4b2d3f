# Anh Thành đến quầy: cán bộ gõ số căn cước, thu tiền, in giấy hẹn; kết quả trả tại quầy
như cán bộ một cửa
  GET  /quay                                       -> 200 có "Thủ tục đăng ký khai sinh" có "Người nộp là gì của trẻ?" không có "Bạn "
  bấm "Tiếp nhận" dinh_danh="12345"                -> 422 có "đúng 12 chữ số" có "câu trả lời cho: Người nộp là gì của trẻ?" có "Họ, chữ đệm, tên của trẻ"
  bấm "Tiếp nhận" dinh_danh="020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022" quan_he_voi_nguoi_duoc_khai_sinh=Cha ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Trạm y tế phường Kỳ Lừa" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn" ho_ten_cha="Lương Văn Hòa" de_nghi_cap_ban_sao=Có so_luong_ban_sao=3 -> 422 có "Thêm Giấy chứng sinh"
  bấm "Tiếp nhận" giay_to=000.00.00.G15-KQ004389 da_thu=1 chuyen_luon=1 -> 200 có "H37.114-261123-0001" có "Lương Văn Hòa" có "1/2026"
  GET  /viec/H37.114-261123-0001                   -> 200 có "Lương Văn Hòa" có "Đang xử lý" có "24.000"
  GET  /viec/H37.114-261123-0001/mau/1             -> 200 kiểu application/pdf
  GET  /viec/H37.114-261123-0001/mot-cua/thu-tien
  POST /viec/H37.114-261123-0001/mot-cua/thu-tien  -> 409 có "biên lai số 1"
như chuyên viên
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện."        -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 200
  bấm "Phê duyệt và ký"                            -> 200 có "Đang ký kết quả"
chạy việc nền
như cán bộ một cửa
  GET  /viec/H37.114-261123-0001/mot-cua/tra       -> 200 có "Người nhận kết quả"
  bấm "Trả kết quả"                                -> 422 có "giấy tờ đã xem"
  bấm "Trả kết quả" giay_to="thẻ căn cước"         -> 200 có "Đã trả kết quả"
  GET  /viec/H37.114-261123-0001/mot-cua/tra       -> 409 có "Chưa thể trả kết quả"
như người dân
  GET  /ho-so/H37.114-261123-0001                  -> 404 có "Không tìm thấy hồ sơ"
kiểm nhật ký
