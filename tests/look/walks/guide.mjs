// guide.mjs - ways to a procedure: life events, how filing goes, the kiosk of a centre and how it goes home by itself.
export const steps = [
  { as: 'visitor', go: '/su-kien', see: 'Bạn đang có việc gì?', shot: 'life-events' },
  { click: 'Sinh con', see: 'Đăng ký khai sinh', shot: 'life-event' },
  { go: '/huong-dan', see: 'Từ lúc tìm thủ tục đến lúc nhận kết quả', shot: 'help' },
  { click: 'Tra cứu bằng mã', at: '^/tra-cuu$' },
  { go: '/tim?q=chau+toi+vua+chao+doi+can+dang+ky+khai+sinh', see: 'Đây là những thủ tục gần nhất', shot: 'results-near' },

  { as: 'kiosk', go: '/ki-ot', see: 'Bạn cần gì?', shot: 'kiosk' },
  { go: '/ki-ot/tim?q=khai+sinh', see: 'Thủ tục đăng ký khai sinh', shot: 'kiosk-found' },
  { go: '/ki-ot/tim?q=xyzzy', see: 'Không có thủ tục nào khớp', shot: 'kiosk-none' },
  { go: '/ki-ot/su-kien', see: 'Theo việc trong đời', shot: 'kiosk-events' },
  { go: '/ki-ot/su-kien/sinh-con', shot: 'kiosk-event' },
  { go: '/ki-ot/thu-tuc/1.001193', see: 'Mang về điện thoại', shot: 'kiosk-procedure' },
  { go: '/ki-ot/tra-cuu', fill: { ma: 'H37.114-261109-9999' }, click: 'Xem', see: 'Không tìm thấy hồ sơ có mã này', shot: 'kiosk-track-none' },

  // Nobody touches it: after a minute it asks, 15 seconds later it is home. The clock of the page is ours.
  { scripts: true, as: 'idle', clock: '2026-11-23T09:00:00+07:00', go: '/ki-ot/tim?q=khai+sinh', see: 'Thủ tục đăng ký khai sinh' },
  { scripts: true, as: 'idle', pass: 59, lacks_seen: 'Bạn còn ở đây không?' },
  { scripts: true, as: 'idle', pass: 2, see: 'Bạn còn ở đây không?', shot: 'kiosk-idle' },
  { scripts: true, as: 'idle', click: 'Tôi vẫn đang xem', lacks_seen: 'Bạn còn ở đây không?' },
  { scripts: true, as: 'idle', pass: 61, see: 'Bạn còn ở đây không?', at: '^/ki-ot/tim$' },
  { scripts: true, as: 'idle', pass: 16, at: '^/ki-ot$', see: 'Bạn cần gì?' },
  { scripts: true, as: 'idle', pass: 200, at: '^/ki-ot$', lacks_seen: 'Bạn còn ở đây không?' },
  // What was typed is gone when somebody goes back.
  { scripts: true, as: 'idle', go: '/ki-ot/tra-cuu', fill: { ma: 'H37.114-261109-0007' } },
  { scripts: true, as: 'idle', go: '/ki-ot', back: '/ki-ot/tra-cuu', empty: 'ma' },
];
