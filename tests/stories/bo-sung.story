# Ảnh mờ: cán bộ yêu cầu bổ sung trước tiếp nhận, rồi chuyên viên hỏi thêm; đồng hồ dừng, tính lại từ đầu
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
  GET  /viec/{yc}/mot-cua/bo-sung                  -> 200 có "Giấy chứng sinh"
  bấm "Gửi yêu cầu" ly_do="Ảnh mờ."                -> 422 có "Chọn giấy tờ cần bổ sung"
  bấm "Gửi yêu cầu" ly_do="Ảnh mờ, không đọc được ngày sinh." bo_sung=000.00.00.G15-KQ004389 noi_dung.000.00.00.G15-KQ004389="Chụp lại cho rõ" -> 200 có "Đã gửi yêu cầu bổ sung"
như người dân
  GET  /ho-so/{yc}                                 -> 200 có "Bạn cần bổ sung giấy tờ" có "Chụp lại cho rõ" có "17:30"
  GET  /ho-so/{yc}/mau/2                           -> 200 kiểu application/pdf
  GET  /ho-so/{yc}/bo-sung                         -> 200 có "Ảnh mờ, không đọc được ngày sinh."
  bấm "Gửi bổ sung"                                -> 422 có "Thêm giấy tờ còn thiếu"
  bấm "Gửi bổ sung" giay_to.000.00.00.G15-KQ004389=@giay-chung-sinh-ro.pdf -> 200 có "Đã gửi bổ sung" có "chờ cán bộ tiếp nhận"
như cán bộ một cửa
  GET  /viec/{yc}/mot-cua/tiep-nhan                -> 200
  bấm "Tiếp nhận"                                  -> 200 có "Đã tiếp nhận, mã hồ sơ H37.114-261123-0001"
như chuyên viên
  GET  /viec/H37.114-261123-0001/xu-ly/bo-sung     -> 200
  bấm "Gửi yêu cầu" ly_do="Cần văn bản ủy quyền." bo_sung=000.00.00.G15-KQ003159 noi_dung.000.00.00.G15-KQ003159="Có chứng thực" -> 200 có "Đã gửi yêu cầu bổ sung" có "Chờ bổ sung"
như khách
  GET  /tra-cuu?ma=H37.114-261123-0001             -> 200 có "Bạn cần bổ sung giấy tờ"
lúc 09:00 26/11/2026
như người dân
  GET  /ho-so/{yc}
  tiếp
  bấm "Đăng nhập" tai_khoan=020192999101 mat_khau="tinhso-2026"             -> 200 có "Có chứng thực"
  GET  /ho-so/{yc}/bo-sung                         -> 200
  bấm "Gửi bổ sung" ghi_chu="Tôi tự đi làm, không ủy quyền cho ai." -> 200 có "Đang giải quyết" có "26/11/2026"
như chuyên viên
  GET  /viec/H37.114-261123-0001
  tiếp
  bấm "Đăng nhập" tai_khoan=hotich.kylua mat_khau="tinhso-2026"             -> 200 có "Hẹn trả 17:30 thứ Năm, 26/11/2026" không có "Quá hạn"
kiểm nhật ký
