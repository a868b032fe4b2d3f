// english.mjs - the same pages for an English reader: longer words in the masthead, the form of a birth, its sentences.
import { enter } from '../people.mjs';

export const steps = [
  ...enter('reader', 'giamdoc.snv'),
  { go: '/?lang=en', see: 'What do you need to do?', shot: 'english-home' },
  { go: '/thu-tuc/1.001193', see: 'Hospital\'s notice of birth', shot: 'english-procedure' },
  { go: '/nop-ho-so/1.001193', at: '/khai/1$', see: 'How are you related to the child?' },
  { click: 'Continue', see: 'Choose an answer for: How are you related to the child?', shot: 'english-section-wrong' },
  { go: '/nop-ho-so/1.001193/khai/2', see: 'Full name of the child', shot: 'english-section' },
  ...enter('officer', 'vanthu.kylua'),
  { go: '/ho-so-mot-cua?lang=en', see: 'One-stop dossiers', shot: 'english-dossiers' },
];
