# Giấy đã trả ghi sai chữ đệm: lãnh đạo mở đính chính, bản mới được ký, bản cũ giữ nguyên và chỉ sang bản mới
như cán bộ một cửa
  GET  /quay                                       -> 200
  bấm "Tiếp nhận" dinh_danh="020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022" quan_he_voi_nguoi_duoc_khai_sinh=Cha ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khoi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Trạm y tế phường Kỳ Lừa" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn" ho_ten_cha="Lương Văn Hòa" de_nghi_cap_ban_sao=Không giay_to=000.00.00.G15-KQ004389 da_thu=1 chuyen_luon=1 -> 200 có "H37.114-261123-0001"
như chuyên viên
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện."        -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /viec/H37.114-261123-0001/ky/dinh-chinh     -> 409 có "Chưa thể đính chính"
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 200
  bấm "Phê duyệt và ký"                            -> 200 có "Đang ký kết quả"
chạy việc nền
như cán bộ một cửa
  GET  /viec/H37.114-261123-0001/mot-cua/tra       -> 200
  bấm "Trả kết quả" giay_to="thẻ căn cước"         -> 200 có "Đã trả kết quả"
như chuyên viên
  GET  /viec/H37.114-261123-0001/ky/dinh-chinh     -> 403
như lãnh đạo
  GET  /viec/H37.114-261123-0001                   -> 200 có "Đính chính kết quả…"
  GET  /viec/H37.114-261123-0001/ky/dinh-chinh     -> 200 có "bản cũ giữ nguyên"
  bấm "Bắt đầu đính chính"                         -> 422 có "Nhập lý do"
  bấm "Bắt đầu đính chính" ly_do="Giấy ghi Khoi, đúng là Khôi." -> 200 có "Đã mở đính chính" có "Đang xử lý"
như chuyên viên
  GET  /viec/H37.114-261123-0001                   -> 200 có "Giấy ghi Khoi, đúng là Khôi."
  GET  /viec/H37.114-261123-0001?xem=nhat-ky       -> 200 có "Đính chính kết quả số 01/2026/KS"
  GET  /viec/H37.114-261123-0001?xem=du-thao&sua=1 -> 200
  bấm "Lưu dự thảo" ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" de_xuat="Sửa theo giấy chứng sinh." -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 200
  bấm "Phê duyệt và ký"                            -> 200 có "Đang ký kết quả"
chạy việc nền
như cán bộ một cửa
  GET  /viec/H37.114-261123-0001?xem=nhat-ky       -> 200 có "Đã có kết quả số 02/2026/KS"
  GET  /viec/H37.114-261123-0001/mot-cua/tra       -> 200
  bấm "Trả kết quả" giay_to="thẻ căn cước"         -> 200 có "Đã trả kết quả"
kiểm nhật ký
