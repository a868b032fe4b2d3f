// session.mjs - one's own open sessions, the end of one; the administrator ends all that a person has open.
import { enter } from '../people.mjs';

export const steps = [
  ...enter('lost', 'laodong.snv'),
  ...enter('own', 'laodong.snv'),
  { go: '/tai-khoan', see: 'Phiên đăng nhập đang mở', shot: 'account' },
  { click: 'Phiên đăng nhập đang mở', see: 'phiên này', shot: 'sessions' },
  { click: 'Kết thúc phiên', see: 'Đã kết thúc phiên đăng nhập', shot: 'sessions-alone' },
  { as: 'lost', go: '/tai-khoan', at: '^/dang-nhap', see: 'Mật khẩu' },
  ...enter('lost', 'laodong.snv'),
  ...enter('admin', 'hethong'),
  { go: '/quan-tri/nguoi-dung?q=laodong.snv', click: 'Lành Thị Thu', see: 'Kết thúc mọi phiên đăng nhập' },
  { click: 'Kết thúc mọi phiên đăng nhập', see: 'Đã kết thúc mọi phiên đăng nhập của người này.', shot: 'sessions-ended' },
  { as: 'own', go: '/tai-khoan', at: '^/dang-nhap', see: 'Mật khẩu' },
  { as: 'lost', go: '/tai-khoan', at: '^/dang-nhap', see: 'Mật khẩu' },
];
