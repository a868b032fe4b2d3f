# Giữa lúc hồ sơ đang thẩm tra, hai phường sáp nhập: hồ sơ và cán bộ theo nơi kế tiếp, người dân không phải nộp lại
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
như chuyên viên
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200 có "Đang xử lý"
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện."        -> 200 có "Đã lưu dự thảo"
như quản trị
  GET  /quan-tri/sap-xep                           -> 200 có "Chưa có quyết định nào"
  mở "Sáp nhập"                                    -> 200 có "Nơi kế tiếp"
  bấm "Sáp nhập" tu=H37.114                        -> 422 có "Nhập nơi kế tiếp" có "Nhập căn cứ" có "Đối chiếu với văn bản"
  bấm "Sáp nhập" tu=H37.114 vao=H37.999 can_cu="Nghị quyết 15/NQ-HĐND ngày 20/11/2026" ngay-ngay=23 ngay-thang=11 ngay-nam=2026 doi_chieu=1 -> 422 có "Không có đơn vị nào đang hoạt động mang mã H37.999"
  bấm "Sáp nhập" vao=H37.115 doi_chieu=1           -> 200 có "Đã thực hiện" có "Nghị quyết 15/NQ-HĐND"
  chạy việc nền
như khách
  GET  /co-quan/H37.114                            -> 200 có "nay do Ủy ban nhân dân phường Tam Thanh làm" có "Nghị quyết 15/NQ-HĐND"
  GET  /co-quan/H37.115                            -> 200 có "gồm Ủy ban nhân dân phường Kỳ Lừa"
  GET  /api/co-quan/H37.114                        -> 200 có "H37.115"
như người dân
  GET  /ho-so/{yc}                                 -> 200 có "H37.114-261123-0001" có "Ủy ban nhân dân phường Tam Thanh tiếp tục giải quyết"
  GET  /thong-bao                                  -> 200 có "Cơ quan khác tiếp tục giải quyết hồ sơ của bạn"
như cán bộ một cửa Tam Thanh
  GET  /viec/H37.114-261123-0001                   -> 200 có "Đang xử lý"
như lãnh đạo Tam Thanh
  GET  /viec/H37.114-261123-0001                   -> 200 có "Đang xử lý"
như chuyên viên Tam Thanh
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo Tam Thanh
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 200
  bấm "Phê duyệt và ký"                            -> 200
  chạy việc nền
như người dân
  GET  /ho-so/{yc}                                 -> 200 có "Đã có kết quả"
kiểm nhật ký
