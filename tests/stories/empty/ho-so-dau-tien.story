# Từ trống đến hồ sơ đầu tiên: quản trị đặt mật khẩu, nhập đơn vị, cán bộ; cán bộ nhận đường dẫn; dân nhận kết quả
như khách
  GET  /dang-nhap                                  -> 200 không có "quantri"
  GET  /quan-tri/bat-dau                           -> 303
như quản trị
  GET  {link}                                      -> 200 có "Chào Vi Văn Đức." có "quantri"
  bấm "Đặt mật khẩu và đăng nhập" mat_khau_moi="ngắn" mat_khau_lai="ngắn" -> 422 có "ít nhất 10 ký tự"
  bấm "Đặt mật khẩu và đăng nhập" mat_khau_moi="núi đá vôi xứ Lạng" mat_khau_lai="núi đá vôi xứ Lạng" -> 200 có "Đã đặt mật khẩu." có "Các việc từ lúc cài xong đến hồ sơ đầu tiên"
  GET  /quan-tri/bat-dau                           -> 200 có "Ủy ban nhân dân tỉnh Lạng Sơn" có "Chưa làm" có "Nhập từ bảng tính"
như khách
  GET  {link}                                      -> 404 có "đã dùng"
như quản trị
  GET  /quan-tri/nhap/don-vi                       -> 200 có "Tải tệp mẫu"
  GET  /quan-tri/mau-nhap/don-vi                   -> 200 kiểu application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
  GET  /quan-tri/nhap/don-vi
  bấm "Kiểm tra tệp"                               -> 422 có "Chọn bảng tính đã điền."
  GET  /quan-tri/nhap/don-vi
  bấm "Kiểm tra tệp" tep=@don-vi-sai.xlsx          -> 200 có "2 dòng cần sửa, 1 dòng đúng" có "D: Loại đơn vị" có "Không có loại đơn vị này." có "E: Mã đơn vị cấp trên" có "B: Tên đơn vị" có "Chưa điền Tên đơn vị." có "F: Mã địa bàn" có "Nhập 1 dòng đúng, bỏ 2 dòng sai"
  GET  /quan-tri/nhap/don-vi
  bấm "Kiểm tra tệp" tep=@don-vi.xlsx              -> 200 có "Mọi dòng đều đúng" có "Chưa nhập gì."
  ghi {tep} trong "/quan-tri/tep-nhap/{tep}"
  bấm "Nhập 2 dòng"                                -> 200 có "Đang nhập"
chạy việc nền
  GET  /quan-tri/tep-nhap/{tep}                    -> 200 có "Đã nhập 2 dòng"
  POST /quan-tri/tep-nhap/{tep}                    -> 409 có "đã được nhập"
  GET  /quan-tri/nhap/don-vi
  bấm "Kiểm tra tệp" tep=@don-vi.xlsx              -> 200 có "Dòng như đã có" không có "Nhập 2 dòng"
  GET  /quan-tri/nhap/can-bo
  bấm "Kiểm tra tệp" tep=@can-bo.xlsx              -> 200 có "Mọi dòng đều đúng"
  ghi {tep} trong "/quan-tri/tep-nhap/{tep}"
  bấm "Nhập 3 dòng"                                -> 200
chạy việc nền
  GET  /quan-tri/tep-nhap/{tep}                    -> 200 có "Đã nhập 3 dòng"
  bấm "Cấp đường dẫn đặt mật khẩu"                 -> 200 có "Lương Thị Hạnh" có "motcua.kylua" có "Danh sách chỉ hiện một lần"
  ghi {motcua} sau "motcua.kylua http://localhost:8080/kich-hoat/"
  ghi {hotich} sau "hotich.kylua http://localhost:8080/kich-hoat/"
  ghi {chutich} sau "chutich.kylua http://localhost:8080/kich-hoat/"
  GET  /quan-tri/bat-dau                           -> 200 có "4 người đang giữ vai trò" có "1 đơn vị ngay dưới cấp tỉnh"
  GET  /quan-tri/thu-tuc/1.000656                  -> 200 có "Chưa mở"
  bấm "Lưu thời hạn" so=1 don_vi=ngay_lam_viec can_cu="Luật Hộ tịch" -> 200 có "Thời hạn đã xác định"
  bấm "Mở tiếp nhận" muc_do=khong_truc_tuyen noi_nhan=ttpvhcc_xa noi_giai_quyet=ubnd_xa -> 200 có "Đang mở"
như cán bộ một cửa
  GET  /kich-hoat/{motcua}                         -> 200 có "Chào Lương Thị Hạnh."
  bấm "Đặt mật khẩu và đăng nhập" mat_khau_moi="bốn từ ghép lại" mat_khau_lai="bốn từ ghép lại" -> 200
  GET  /quan-tri/bat-dau                           -> 403
  GET  /quay                                       -> 200 có "khai sinh"
  bấm "Tiếp nhận" dinh_danh="020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022" quan_he_voi_nguoi_duoc_khai_sinh=Cha ho_ten_nguoi_duoc_khai_sinh="Lương Bảo Khôi" ngay_sinh_nguoi_duoc_khai_sinh-ngay=12 ngay_sinh_nguoi_duoc_khai_sinh-thang=11 ngay_sinh_nguoi_duoc_khai_sinh-nam=2026 gioi_tinh=Nam dan_toc=Tày noi_sinh="Trạm y tế phường Kỳ Lừa" que_quan="Phường Kỳ Lừa, tỉnh Lạng Sơn" ho_ten_cha="Lương Văn Hòa" de_nghi_cap_ban_sao=Có so_luong_ban_sao=3 giay_to=000.00.00.G15-KQ004389 da_thu=1 chuyen_luon=1 -> 200 có "H37.114-261123-0001" có "Lương Văn Hòa"
như chuyên viên
  GET  /kich-hoat/{hotich}                         -> 200 có "Chào Đàm Thu Hà."
  bấm "Đặt mật khẩu và đăng nhập" mat_khau_moi="bốn từ ghép lại" mat_khau_lai="bốn từ ghép lại" -> 200
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200
  bấm "Lưu dự thảo" de_xuat="Đủ điều kiện."        -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200 có "Đã trình duyệt"
như lãnh đạo
  GET  /kich-hoat/{chutich}                        -> 200 có "Chào Bế Văn Lâm."
  bấm "Đặt mật khẩu và đăng nhập" mat_khau_moi="bốn từ ghép lại" mat_khau_lai="bốn từ ghép lại" -> 200
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 200
  bấm "Phê duyệt và ký"                            -> 200 có "Đang ký kết quả"
chạy việc nền
như cán bộ một cửa
  GET  /viec/H37.114-261123-0001/mot-cua/tra       -> 200 có "Người nhận kết quả"
  bấm "Trả kết quả" giay_to="thẻ căn cước"         -> 200 có "Đã trả kết quả"
như quản trị
  GET  /quan-tri/bat-dau                           -> 200 có "Đã có hồ sơ."
như khách
  GET  /tra-cuu?ma=H37.114-261123-0001             -> 200 có "Đã trả kết quả"
kiểm nhật ký
