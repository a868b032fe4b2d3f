// factor.mjs - codes at sign-in: switched on, asked for, a recovery code, off; one that is lost is taken away.
import { enter } from '../people.mjs';

const begin = [{ go: '/tai-khoan/ma-xac-thuc', see: 'Cần một điện thoại', click: 'Bật mã xác thực' }];
const on = [
  { keep: { name: 'key', selector: 'main .mono.title' } },
  { code: { name: 'ma', key: 'key' }, click: 'Bật mã xác thực' },
  { see: 'Cất mười mã dự phòng này', keep: { name: 'first', selector: 'main ul.plain li:nth-child(1)' } },
  { keep: { name: 'second', selector: 'main ul.plain li:nth-child(2)' } },
];

export const steps = [
  ...enter('own', 'doanhnghiep.stc'),
  { go: '/tai-khoan/ma-xac-thuc', shot: 'factor-off' },
  ...begin,
  { see: 'Nhập mã ứng dụng đang hiện', shot: 'factor-key' },
  { fill: { ma: '12' }, click: 'Bật mã xác thực', see: 'Mã không đúng', shot: 'factor-key-wrong' },
  ...on,
  { shot: 'factor-codes' },
  { click: 'Đã cất, đi tiếp' },
  { go: '/tai-khoan/ma-xac-thuc', see: 'Đang bật, từ', shot: 'factor-on' },
  ...enter('other', 'doanhnghiep.stc'),
  { at: '^/dang-nhap/ma$', see: 'Nhập mã xác thực', shot: 'factor-asked' },
  { go: '/tai-khoan', at: '^/dang-nhap$' },
  { go: '/dang-nhap/ma', fill: { ma: '12' }, click: 'Đăng nhập', see: 'Mã không đúng', shot: 'factor-asked-wrong' },
  { fill: { ma: '{first}' }, click: 'Đăng nhập' },
  { go: '/tai-khoan/ma-xac-thuc/du-phong', see: 'Mười mã mới', shot: 'factor-new-codes' },
  { go: '/tai-khoan/ma-xac-thuc/tat', fill: { mat_khau: 'tinhso-2026', ma: '{second}' }, shot: 'factor-switch-off' },
  { click: 'Tắt mã xác thực', see: 'Đã tắt mã xác thực.' },
  ...begin,
  ...on,
  ...enter('admin', 'hethong'),
  { go: '/quan-tri/nguoi-dung?q=doanhnghiep.stc', click: 'Nông Đức Anh', see: 'Người này bật mã xác thực từ' },
  { click: 'Bỏ mã xác thực', see: 'Bỏ mã xác thực của Nông Đức Anh?', shot: 'factor-take' },
  { fill: { ly_do: 'Mất điện thoại, đã gặp tận mặt.' }, click: 'Bỏ mã xác thực', see: 'Đã bỏ mã xác thực.', shot: 'factor-taken' },
  { as: 'other', go: '/tai-khoan', at: '^/dang-nhap$', see: 'Mật khẩu' },
];
