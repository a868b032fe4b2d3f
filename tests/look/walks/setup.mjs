// setup.mjs - the administrator: what is done and missing, units and officers from spreadsheets.
import { enter } from '../people.mjs';

export const steps = [
  ...enter('admin', 'hethong'),
  { go: '/quan-tri/bat-dau', see: 'Các bước', shot: 'setup-start' },
  { go: '/quan-tri/nhap/don-vi', see: 'Tải tệp mẫu', shot: 'setup-upload' },
  { click: 'Kiểm tra tệp', see: 'Chọn bảng tính đã điền.', shot: 'setup-upload-empty' },
  { go: '/quan-tri/nhap/don-vi', upload: { tep: 'don-vi-sai.xlsx' }, click: 'Kiểm tra tệp' },
  { see: 'dòng cần sửa', shot: 'setup-report' },
  { go: '/quan-tri/thiet-dat', see: 'Thư của nhân chứng', shot: 'setup-settings' },
  { fill: { may_chu: 'mail' }, click: 'Lưu thiết đặt', see: 'Máy chủ thư phải có dạng', shot: 'setup-settings-wrong' },
  { go: '/quan-tri/chung-thu', see: 'Chưa có chứng thư', shot: 'setup-tls' },
  { upload: { chung_thu: 'khong-phai-chung-thu.txt' }, click: 'Kiểm tra và dùng', see: 'Tệp không có chứng thư dạng PEM', shot: 'setup-tls-wrong' },
  { go: '/quan-tri/chung-thu/yeu-cau', fill: { ten_mien: 'dichvucong.langson.test' }, click: 'Làm yêu cầu', see: 'Yêu cầu đang chờ', shot: 'setup-tls-asked' },
  { go: '/quan-tri/nguoi-dung', shot: 'setup-users' },
  { click: 'Lương Thị Hạnh', see: 'Mật khẩu', shot: 'setup-user' },
  { click: 'Cấp đường dẫn đặt mật khẩu', see: 'Đưa đường dẫn này', shot: 'setup-link' },
];
