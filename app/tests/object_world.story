# Mỗi loại đối tượng có trong một địa chỉ được tạo một cái, để own_foreign_test hỏi từng cái bằng từng người
như người dân
  POST /nop-ho-so/1.001193/khai/1 quan_he_voi_nguoi_duoc_khai_sinh="Mẹ"
  POST /nop-ho-so/1.001193/khai/2 ho_ten_nguoi_duoc_khai_sinh="Quách Tĩnh Nhiên Khuê" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Bệnh viện Đa khoa tỉnh Lạng Sơn" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn"
  POST /nop-ho-so/1.001193/khai/3 ho_ten_me="Hoàng Thị Mai"
  POST /nop-ho-so/1.001193/khai/4
  POST /nop-ho-so/1.001193/khai/5
  POST /nop-ho-so/1.001193/khai/6 de_nghi_cap_ban_sao=Không
  POST /nop-ho-so/1.001193/giay-to giay_to.000.00.00.G15-KQ004389=@giay-chung-sinh.pdf
  GET  /nop-ho-so/1.001193/kiem-tra
  bấm "Gửi hồ sơ" noi_nop=H37.114.01 tra=dien_tu cam_doan=1 -> 200 có "Đã gửi hồ sơ"
  ghi {yc} sau "Mã yêu cầu của bạn"
như cán bộ một cửa
  GET  /viec/{yc}/mot-cua/tiep-nhan
  bấm "Tiếp nhận"                                  -> 200 có "Đã tiếp nhận"
  GET  /quay
  bấm "Tiếp nhận" dinh_danh="020190847361" ho_ten="Lục Vân Tiên Thử" ngay_sinh-ngay=01 ngay_sinh-thang=02 ngay_sinh-nam=1990 dia_chi="Phường Kỳ Lừa" quan_he_voi_nguoi_duoc_khai_sinh=Cha ho_ten_nguoi_duoc_khai_sinh="Lục Thị Kiều Thử" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Trạm y tế phường Kỳ Lừa" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn" ho_ten_cha="Lục Vân Tiên Thử" de_nghi_cap_ban_sao=Không giay_to=000.00.00.G15-KQ004389 ban_chinh.000.00.00.G15-KQ004389=1 chuyen_luon="" -> 200 có "Đã tiếp nhận"
  GET  /viec
  bấm "Bàn giao" hs=2.2                            -> 200 có "Đã bàn giao 1 hồ sơ"
như chuyên viên
  GET  /viec/{yc}/xu-ly/nhan
  bấm "Nhận xử lý"                                 -> 200
  GET  /viec/{yc}?xem=ghi-chu
  bấm "Ghi chú" ghi_chu="Gọi lại cho bà ngoại cháu."
  GET  /viec/{yc}/xu-ly/xin-y-kien
  bấm "Gửi câu hỏi" co_quan="cong an phuong ky lua" noi_dung_hoi="Cha của cháu thường trú ở đâu?" giay_kem=1 -> 200 có "Đã gửi. Hạn trả lời"
  GET  /viec/{yc}/xu-ly/xin-y-kien
  bấm "Gửi câu hỏi" co_quan="H37.12" noi_dung_hoi="Có phải nộp lệ phí không?" -> 200 có "Đã gửi. Hạn trả lời"
  POST /khung-nhin ten="Việc nhà họ Quách" ds=viec ve="/viec?buoc=dang_xu_ly"
  GET  /viec/{yc}?xem=du-thao
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện."        -> 200 có "Đã lưu dự thảo"
  GET  /viec/{yc}/xu-ly/trinh
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /viec/{yc}/ky/duyet
  bấm "Phê duyệt và ký"                            -> 200
như kiểm soát
  GET  /quan-tri/tinh-lai-hen
  bấm "Tính thử" so_van_ban="12/QĐ-UBND" ngay_van_ban="20/11/2026" co_quan="UBND tỉnh Lạng Sơn" tu_ngay="25/11/2026" den_ngay="25/11/2026" -> 200
như quản trị
  GET  /quan-tri/sap-xep/sap-nhap
  bấm "Sáp nhập" tu=H37.09 vao=H37.12 can_cu="Nghị quyết 15/NQ-HĐND" ngay-ngay=01 ngay-thang=01 ngay-nam=2028 doi_chieu=1 -> 200
  GET  /quan-tri/nguoi-dung?q=vanthu.kylua
  mở "Hà Văn Quyết"
  ghi {ai} trong "/quan-tri/nguoi-dung/{ai}/giao"
  GET  /quan-tri/nguoi-dung/{ai}/giao
  bấm "Xem trước" vai_tro=quan_tri don_vi=H37.114  -> 200
  bấm "Gửi đề nghị"                                -> 200 có "Một người quản trị khác cần duyệt."
như hệ thống
  GET  /quan-tri/nhap/don-vi
  bấm "Kiểm tra tệp" tep=@don-vi-sai.xlsx          -> 200
chạy việc nền
lúc 08:00 01/12/2026
như thanh tra
  GET  /dieu-hanh
chạy việc nền
như lãnh đạo
  GET  /dieu-hanh/chot-ky
  tiếp
  bấm "Đăng nhập" tai_khoan=chutich.kylua mat_khau="tinhso-2026"
chạy việc nền
  GET  /dieu-hanh/chot-ky/2026-11
  bấm "Chốt và ký số liệu"                         -> 200
chạy việc nền
như người dân
  GET  /ho-so
  tiếp
  bấm "Đăng nhập" tai_khoan=020192999101 mat_khau="tinhso-2026"
  GET  /nop-ho-so/1.001193/khai/1
  bấm "Tiếp tục" quan_he_voi_nguoi_duoc_khai_sinh="Mẹ"
  bấm "Lưu, làm sau" ho_ten_nguoi_duoc_khai_sinh="Quách Tĩnh Nhiên Khuê"
như chuyên viên
  GET  /viec
  tiếp
  bấm "Đăng nhập" tai_khoan=hotich.kylua mat_khau="tinhso-2026"
  POST /viec/xuat                                  -> 303
chạy việc nền
