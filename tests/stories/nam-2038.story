# Năm 2038: số giây từ 1970 vượt 32 bit giữa một hồ sơ; không gì dừng lại
lúc 10:13 19/01/2038
như cán bộ một cửa
  GET  /quay                                       -> 200
  bấm "Tiếp nhận" dinh_danh="020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022" quan_he_voi_nguoi_duoc_khai_sinh=Cha ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Trạm y tế phường Kỳ Lừa" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn" ho_ten_cha="Lương Văn Hòa" de_nghi_cap_ban_sao=Có so_luong_ban_sao=3 giay_to=000.00.00.G15-KQ004389 da_thu=1 chuyen_luon=1 -> 200 có "H37.114-380119-0001" có "1/2038"
như chuyên viên
  GET  /viec/H37.114-380119-0001?xem=du-thao       -> 200
lúc 10:14 19/01/2038
sau 7 giây
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện."        -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-380119-0001/xu-ly/trinh       -> 200
sau 1 giây
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /viec/H37.114-380119-0001/ky/duyet          -> 200
  bấm "Phê duyệt và ký"                            -> 200 có "Đang ký kết quả"
chạy việc nền
  GET  /viec/H37.114-380119-0001                   -> 200 có "Kết quả đã ký (PDF)"
như cán bộ một cửa
  GET  /viec/H37.114-380119-0001/mot-cua/tra       -> 200
  bấm "Trả kết quả" giay_to="thẻ căn cước"         -> 200 có "Đã trả kết quả"
  GET  /quay/so-ngay                               -> 200 có "H37.114-380119-0001"
sau 1 ngày
kiểm nhật ký
