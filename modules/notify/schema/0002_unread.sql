-- The number beside the bell is of the index alone: it looked at the row of each unread notice.
drop index notify_notice_unread;
create index notify_notice_unread on notify_notice (account, read_at) where read_at = 0;
