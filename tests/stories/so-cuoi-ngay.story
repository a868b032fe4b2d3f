# Cuối ngày: cán bộ một cửa xem sổ của ngày, in sổ theo dõi, phiếu kiểm soát; số trong sổ khớp việc đã làm
như cán bộ một cửa
  GET  /quay/so-ngay                               -> 200 có "Chưa tiếp nhận hồ sơ nào" có "Không thu tiền mặt"
  GET  /quay?thu-tuc=2.000815                      -> 200
  bấm "Tiếp nhận" dinh_danh="020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022" noi_dung_de_nghi="Chứng thực 5 bản sao." so_luong=5 giay_to=tp-1 da_thu=1 chuyen_luon=1 -> 200 có "H37.114-261123-0001"
  GET  /quay/so-ngay                               -> 200 có "H37.114-261123-0001" có "10.000" có "Ủy ban nhân dân phường Kỳ Lừa"
  GET  /quay/so-ngay/in                            -> 200 kiểu application/pdf
  GET  /quay/so-ngay?ngay=2026-11-20               -> 200 có "Sổ cuối ngày 20/11/2026" có "Chưa tiếp nhận hồ sơ nào"
  mở "23/11/2026"                                  -> 200 có "H37.114-261123-0001" có "Gồm việc làm từ 00:00, 21/11/2026"
  GET  /quay/so-ngay?ngay=2026-11-21               -> 200 có "Sổ cuối ngày 23/11/2026"
sau 5 phút
  GET  /quay/so-ngay                               -> 200 có "Đang mở"
  bấm "Khóa sổ ngày 23/11/2026"                    -> 200 có "Đã khóa sổ" có "H37.114-261123-0001"
  GET  /quay/so-ngay/in                            -> 200 kiểu application/pdf
  GET  /so-theo-doi                                -> 200 có "1/2026" có "Lương Văn Hòa" có "Chưa trả"
  GET  /so-theo-doi?q=2                            -> 200 không có "H37.114-261123-0001"
  GET  /so-theo-doi/2026/in                        -> 200 kiểu application/pdf
  GET  /viec/H37.114-261123-0001                   -> 200 có "Phiếu kiểm soát (mẫu 06)"
  GET  /viec/H37.114-261123-0001/mau/6             -> 200 kiểu application/pdf
như cán bộ một cửa Tam Thanh
  GET  /quay/so-ngay?ngay=2026-11-23               -> 200 không có "H37.114-261123-0001"
  GET  /so-theo-doi                                -> 200 không có "H37.114-261123-0001"
như người dân
  GET  /quay/so-ngay                               -> 403
kiểm nhật ký
