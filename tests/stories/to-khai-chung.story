# Thủ tục chưa có biểu mẫu điện tử: bác Hòa chứng thực bản sao tại quầy bằng tờ khai chung, nhận kết quả ngay tại quầy
như cán bộ một cửa
  GET  /quay?tim=sao+y+ban+chinh                   -> 200 có "Chứng thực bản sao từ bản chính" có "Đề nghị giải quyết việc gì"
  GET  /quay?tim=khong+co+viec+nay                 -> 200 có "Tìm bằng từ khác"
  GET  /quay?thu-tuc=2.000815                      -> 200 có "Nộp cho ai"
  bấm "Tiếp nhận" dinh_danh="020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022" -> 422 có "Nhập đề nghị giải quyết việc gì"
  bấm "Tiếp nhận" nop_cho="Tổ chức, doanh nghiệp" noi_dung_de_nghi="Chứng thực 3 bản sao giấy phép kinh doanh." -> 422 có "Nhập tên tổ chức"
  bấm "Tiếp nhận" ten_to_chuc="Hợp tác xã Hồi Đồng Đăng" so_luong=3 giay_to=tp-1 da_thu=1 chuyen_luon=1 -> 200 có "H37.114-261123-0001" có "1/2026"
  GET  /viec/H37.114-261123-0001                   -> 200 có "Hợp tác xã Hồi Đồng Đăng" có "6.000"
như chuyên viên
  GET  /viec/H37.114-261123-0001?xem=du-thao       -> 200 có "Kết luận ghi trên kết quả"
  bấm "Lưu dự thảo"                                -> 422 có "Nhập kết luận"
  bấm "Lưu dự thảo" ket_luan="Bản sao đúng với bản chính, chứng thực 3 bản." -> 200 có "Đã lưu dự thảo"
  GET  /viec/H37.114-261123-0001/xu-ly/trinh       -> 200
  bấm "Trình duyệt"                                -> 200
như lãnh đạo
  GET  /viec/H37.114-261123-0001/ky/duyet          -> 200
  bấm "Phê duyệt và ký"                            -> 200 có "Đang ký kết quả"
chạy việc nền
như cán bộ một cửa
  GET  /viec/H37.114-261123-0001/ket-qua           -> 200 kiểu application/pdf
  GET  /viec/H37.114-261123-0001/mot-cua/tra       -> 200
  bấm "Trả kết quả" giay_to="thẻ căn cước"         -> 200 có "Đã trả kết quả"
kiểm nhật ký
