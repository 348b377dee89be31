/** The posts that are written into a real Ghost: every kind a digest meets. They are ours. */

const node = (type: string, fields: object) => ({ type, version: 1, ...fields });
const words = (text: string) =>
  node('paragraph', {
    children: [node('text', { text, format: 0, detail: 0, mode: 'normal', style: '' })],
    ...{ direction: 'ltr', format: '', indent: 0 },
  });
const onSite = (path: string) => `__GHOST_URL__/content/${path}`;

const CARDS = [
  words('First words.'),
  node('image', {
    src: onSite('images/a.png'),
    width: 800,
    height: 400,
    alt: 'An A',
    caption: 'The letter <em>A</em>',
    title: '',
    href: '',
    cardWidth: 'regular',
  }),
  node('gallery', {
    images: ['b', 'c'].map((name) => ({
      row: 0,
      fileName: `${name}.png`,
      src: onSite(`images/${name}.png`),
      width: 600,
      height: 400,
      alt: name,
    })),
    caption: 'Two letters',
  }),
  node('bookmark', {
    url: 'https://example.org/read',
    metadata: {
      icon: 'https://example.org/i.png',
      title: 'Read this',
      description: 'A page to read.',
      author: 'N. N.',
      publisher: 'Example',
      thumbnail: 'https://example.org/t.png',
    },
    caption: '',
  }),
  node('callout', { calloutText: '<p>Mind the gap.</p>', calloutEmoji: '💡', backgroundColor: 'blue' }),
  node('toggle', { heading: 'More about it', content: '<p>Hidden words.</p>' }),
  node('video', {
    ...{
      src: onSite('media/v.mp4'),
      caption: 'A film',
      fileName: 'v.mp4',
      mimeType: 'video/mp4',
      width: 640,
      height: 360,
      duration: 12,
    },
    ...{
      thumbnailSrc: onSite('images/v.jpg'),
      customThumbnailSrc: '',
      thumbnailWidth: 640,
      thumbnailHeight: 360,
      cardWidth: 'regular',
      loop: false,
    },
  }),
  node('audio', {
    duration: 60,
    mimeType: 'audio/mpeg',
    src: onSite('media/s.mp3'),
    title: 'A sound',
    thumbnailSrc: '',
  }),
  node('file', {
    src: onSite('files/f.pdf'),
    fileTitle: 'The paper',
    fileName: 'f.pdf',
    fileCaption: 'In full',
    fileSize: 12345,
  }),
  node('embed', {
    url: 'https://www.youtube.com/watch?v=abcdefg1234',
    embedType: 'video',
    html: '<iframe src="https://www.youtube.com/embed/abcdefg1234?feature=oembed" title="A talk"></iframe>',
    ...{ metadata: {}, caption: 'Watch' },
  }),
  node('button', { buttonText: 'Buy', alignment: 'center', buttonUrl: 'https://example.org/buy' }),
  node('codeblock', { code: 'x = 1', language: 'js', caption: '' }),
  node('signup', {
    ...{
      header: 'SIGN-UP',
      subheader: '',
      disclaimer: '',
      buttonText: 'Subscribe',
      alignment: 'left',
      backgroundColor: '#fff',
      backgroundImageSrc: '',
    },
    ...{
      backgroundSize: 'cover',
      textColor: '#000',
      buttonColor: 'accent',
      buttonTextColor: '#fff',
      layout: 'wide',
      labels: [],
      successMessage: 'ok',
      swapped: false,
    },
  }),
  words('Last words.'),
];

export const GHOST_POSTS: readonly object[] = [
  {
    title: 'Reading clocks & dials',
    status: 'published',
    html: '<p>A clock face says two things at once.</p><p>The long hand counts, the short hand names.</p>',
    tags: [{ name: 'Time' }, { name: '#internal' }, { name: 'Craft' }],
    published_at: '2026-06-10T08:00:00.000Z',
    custom_excerpt: 'Why a <dial> says two things.',
    feature_image: onSite('images/dial.png'),
    feature_image_alt: 'A dial',
    feature_image_caption: 'A <em>dial</em>, drawn',
  },
  {
    title: 'The second half',
    status: 'published',
    visibility: 'members',
    html: '<p>Everybody reads this.</p><!--members-only--><p>SECRET-OF-MEMBERS</p>',
    tags: [{ name: 'Craft' }],
    published_at: '2026-06-09T08:00:00.000Z',
  },
  {
    title: 'For those who pay',
    status: 'published',
    visibility: 'paid',
    html: '<p>SECRET-OF-PAYERS</p>',
    published_at: '2026-06-08T08:00:00.000Z',
  },
  {
    title: 'Cards of every kind',
    status: 'published',
    lexical: JSON.stringify({
      root: { children: CARDS, direction: null, format: '', indent: 0, type: 'root', version: 1 },
    }),
    tags: [{ name: '#first' }, { name: 'Cards' }, { name: 'Time' }],
    published_at: '2026-06-07T08:00:00.000Z',
  },
  { title: 'Not ready', status: 'draft', html: '<p>DRAFT-BODY</p>' },
  { title: 'Planned', status: 'scheduled', html: '<p>FUTURE-BODY</p>', published_at: '2037-06-20T10:00:00.000Z' },
  ...Array.from({ length: 12 }, (_, n) => ({
    title: `Old note ${n}`,
    status: 'published',
    html: `<p>Old note number ${n}.</p>`,
    published_at: new Date(Date.UTC(2025, 0, 1 + n * 7)).toISOString(),
  })),
];
