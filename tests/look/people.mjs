// people.mjs - steps that several walks share: signing in, filling the form of a birth, its papers.
export const password = 'tinhso-2026';

export const enter = (who, login) => [
  { as: who, go: '/dang-nhap', fill: { tai_khoan: login, mat_khau: password }, click: 'Đăng nhập' },
];

const filled = [
  { choose: { quan_he_voi_nguoi_duoc_khai_sinh: 'Mẹ' } },
  {
    fill: {
      ho_ten_nguoi_duoc_khai_sinh: 'Nông Hoàng Gia Bảo', 'ngay_sinh_nguoi_duoc_khai_sinh-ngay': '12', 'ngay_sinh_nguoi_duoc_khai_sinh-thang': '10',
      'ngay_sinh_nguoi_duoc_khai_sinh-nam': '2026', noi_sinh: 'Bệnh viện Đa khoa tỉnh Lạng Sơn, phường Đông Kinh', que_quan: 'Phường Kỳ Lừa, tỉnh Lạng Sơn',
    },
    choose: { gioi_tinh: 'Nam', dan_toc: 'Nùng' },
  },
  { fill: { ho_ten_me: 'Hoàng Thị Mai', nam_sinh_me: '1992', noi_cu_tru_me: '27 Ngô Quyền, phường Kỳ Lừa' }, choose: { dan_toc_me: 'Tày' } },
  { fill: { ho_ten_cha: 'Nông Văn Thành', nam_sinh_cha: '1990' }, choose: { dan_toc_cha: 'Nùng' } },
  { fill: { gcn_ket_hon_so: '42', gcn_ket_hon_tai: 'Ủy ban nhân dân phường Kỳ Lừa' } },
  { choose: { de_nghi_cap_ban_sao: 'Có' }, fill: { so_luong_ban_sao: '2' } },
];

export const sections = ({ shots } = {}) => filled.flatMap((step, i) => [
  { at: `/khai/${i + 1}$`, ...step },
  ...(shots && i ? [{ shot: `section-${i + 1}` }] : []),
  { click: 'Tiếp tục' },
]);

export const papers = ({ shots } = {}) => [
  { at: '/giay-to$', ...(shots ? { shot: 'papers' } : {}) },
  { upload: { 'giay_to.000.00.00.G15-KQ004389': 'giay-chung-sinh.jpg' }, click: 'Tải lên', see: 'giay-chung-sinh.jpg' },
  ...(shots ? [{ shot: 'papers-given' }] : []),
  { click: 'Tiếp tục' },
];

// A birth taken in at the counter of whoever is signed in; its code is kept as {code}.
export const walk_in = ({ card, child, mother }) => [
  { go: '/quay', fill: { dinh_danh: card }, in: 'dinh_danh', press: 'Enter', see: mother },
  {
    choose: { quan_he_voi_nguoi_duoc_khai_sinh: 'Mẹ', gioi_tinh: 'Nữ', dan_toc: 'Tày', de_nghi_cap_ban_sao: 'Không' },
    fill: {
      ho_ten_nguoi_duoc_khai_sinh: child, 'ngay_sinh_nguoi_duoc_khai_sinh-ngay': '3', 'ngay_sinh_nguoi_duoc_khai_sinh-thang': '11',
      'ngay_sinh_nguoi_duoc_khai_sinh-nam': '2026', noi_sinh: 'Trạm y tế phường Kỳ Lừa', que_quan: 'Phường Kỳ Lừa, tỉnh Lạng Sơn', ho_ten_me: mother,
    },
    tick: 'Giấy chứng sinh',
  },
  { click: 'Tiếp nhận và in giấy hẹn' }, { at: '^/quay/xong/', keep: { name: 'code', selector: '.code-big' } },
];
