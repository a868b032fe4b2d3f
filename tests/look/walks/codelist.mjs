// codelist.mjs - shared lists of codes: browse, search, one code, compare, follow.
import { enter } from '../people.mjs';

export const steps = [
  { as: 'citizen', go: '/danh-muc', see: 'Dân tộc', shot: 'codelists' },
  { go: '/danh-muc?q=khongco', see: 'Không có danh mục nào khớp' },
  { go: '/danh-muc/quoc-gia', see: 'Xem tiếp', shot: 'codelist' },
  { go: '/danh-muc/quoc-gia/ma/VN', see: 'Việt Nam', shot: 'codelist-code' },
  { go: '/danh-muc/dan-toc/so-sanh?tu=2026-01-01&den=2026-12-31', see: 'Không đổi gì', shot: 'codelist-diff' },
  ...enter('follower', '020090999102'),
  { go: '/danh-muc/dan-toc', see: 'Báo tôi', shot: 'codelist-follow' },
  ...enter('admin', 'quantri'),
  { go: '/quan-tri/danh-muc', see: 'Không có bản nào chờ duyệt', shot: 'codelist-drafts' },
];
