# Nửa đêm 31/12: hồ sơ tiếp nhận và kết quả ký hai bên giao thừa mang ngày, số của năm mình
lúc 23:58 31/12/2026
như cán bộ một cửa
  GET  /quay                                       -> 200
  bấm "Tiếp nhận" dinh_danh="020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022" quan_he_voi_nguoi_duoc_khai_sinh=Cha ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Trạm y tế phường Kỳ Lừa" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn" ho_ten_cha="Lương Văn Hòa" de_nghi_cap_ban_sao=Có so_luong_ban_sao=3 giay_to=000.00.00.G15-KQ004389 da_thu=1 chuyen_luon=1 -> 200 có "H37.114-261231-0001" có "1/2026"
như chuyên viên
  GET  /viec/H37.114-261231-0001?xem=du-thao       -> 200
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện."        -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261231-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /viec/H37.114-261231-0001/ky/duyet          -> 200
lúc 23:59 31/12/2026
sau 59 giây
  bấm "Phê duyệt và ký"                            -> 200 có "Đang ký kết quả"
sau 1 giây
# Giây nhuận: 00:00:00 đến hai lần
lùi 1 giây
sau 1 giây
  GET  /viec/H37.114-261231-0001                   -> 200 có "Kết quả đã ký (PDF)"
như cán bộ một cửa
  GET  /quay                                       -> 200
  bấm "Tiếp nhận" dinh_danh="020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022" quan_he_voi_nguoi_duoc_khai_sinh=Cha ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Trạm y tế phường Kỳ Lừa" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn" ho_ten_cha="Lương Văn Hòa" de_nghi_cap_ban_sao=Có so_luong_ban_sao=3 giay_to=000.00.00.G15-KQ004389 da_thu=1 chuyen_luon=1 -> 200 có "H37.114-270101-0001" có "1/2027"
lùi 1 giây
  GET  /quay                                       -> 200
  bấm "Tiếp nhận" dinh_danh="020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022" quan_he_voi_nguoi_duoc_khai_sinh=Cha ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Trạm y tế phường Kỳ Lừa" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn" ho_ten_cha="Lương Văn Hòa" de_nghi_cap_ban_sao=Có so_luong_ban_sao=3 giay_to=000.00.00.G15-KQ004389 da_thu=1 chuyen_luon=1 -> 200 có "H37.114-261231-0002" có "2/2026"
sau 1 giây
  GET  /quay                                       -> 200
  bấm "Tiếp nhận" dinh_danh="020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022" quan_he_voi_nguoi_duoc_khai_sinh=Cha ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Trạm y tế phường Kỳ Lừa" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn" ho_ten_cha="Lương Văn Hòa" de_nghi_cap_ban_sao=Có so_luong_ban_sao=3 giay_to=000.00.00.G15-KQ004389 da_thu=1 chuyen_luon=1 -> 200 có "H37.114-270101-0002" có "2/2027"
  GET  /so-theo-doi?nam=2026                       -> 200 có "H37.114-261231-0001" có "H37.114-261231-0002"
  GET  /so-theo-doi                                -> 200 có "H37.114-270101-0001" có "H37.114-270101-0002"
# Sổ cuối ngày: việc trước nửa đêm ở sổ 31/12, kể cả việc ghi lại vì đồng hồ lùi; sau nửa đêm ở sổ kế tiếp
  GET  /quay/so-ngay?ngay=2026-12-31               -> 200 có "Sổ cuối ngày 31/12/2026" có "H37.114-261231-0001" có "H37.114-261231-0002" không có "H37.114-270101-0001"
  bấm "Khóa sổ ngày 31/12/2026"                    -> 200 có "Đã khóa sổ" có "H37.114-261231-0002" không có "H37.114-270101-0002"
  GET  /quay/so-ngay                               -> 200 có "H37.114-270101-0001" có "H37.114-270101-0002" không có "H37.114-261231-0001"
  GET  /viec/H37.114-261231-0001/mot-cua/tra       -> 200
  bấm "Trả kết quả" giay_to="thẻ căn cước"         -> 200 có "Đã trả kết quả"
sau 1 ngày
kiểm nhật ký
