import { expect, test } from 'vitest';
import { probablyMeant } from '../../src/web/typo-hint.ts';

test.each([
  ['ada@gmial.com', 'ada@gmail.com'],
  ['ada@gmail.co', 'ada@gmail.com'],
  ['ada@gmaill.com', 'ada@gmail.com'],
  ['ada@hotmial.com', 'ada@hotmail.com'],
  ['ada@outlok.com', 'ada@outlook.com'],
  ['ada@gmail.com', null],
  ['ada@googlemail.com', null],
  ['ada@example.org', null],
  ['ada@qq.co', null],
  ['ada@web.at', null],
  ['ada@gmail.con', 'ada@gmail.com'],
  ['ada@mgail.com', 'ada@gmail.com'],
  ['ada@ggmail.com', 'ada@gmail.com'],
  ['ada@yaho.com', 'ada@yahoo.com'],
  ['ada@iclould.com', 'ada@icloud.com'],
  ['ada@protonmial.com', 'ada@protonmail.com'],
  ['ada@posteo.d', 'ada@posteo.de'],
  ['ada@gmx.ent', 'ada@gmx.net'],
  ['Ada@GMIAL.com', 'Ada@gmail.com'],
])('when %s is typed, then %s was probably meant', (typed, meant) => {
  expect(probablyMeant(typed)).toBe(meant);
});

/** Where people do have mail; every one of them that is near another. */
const PROVIDERS = `ymail.com mail.com email.com tmail.com fmail.com zmail.com hmail.com vmail.com gmx.com gmx.at gmx.ch
  gmx.fr gmx.es gmx.us gmx.eu gmx.info gmx.org gmx.co.uk mail.ru mail.de mail.ch web.de yahoo.co.uk yahoo.fr yahoo.de
  yahoo.it yahoo.es yahoo.ca yahoo.in yahoo.co.jp yahoo.co.in yahoo.com.br yahoo.com.au ymail.co rocketmail.com
  hotmail.de hotmail.fr hotmail.it hotmail.es hotmail.co.uk hotmail.ca hotmail.se hotmail.nl outlook.de outlook.fr
  outlook.es outlook.it outlook.at outlook.jp outlook.in outlook.com.br outlook.ie outlook.dk live.de live.fr live.nl
  live.ca live.co.uk live.it live.se live.dk live.cn live.jp love.com line.com msn.com me.com mac.com icloud.com
  proton.me protonmail.com protonmail.ch pm.me passmail.net fastmail.fm fastmail.net fastmail.org fastmail.co.uk
  posteo.net posteo.eu posteo.at posteo.ch posteo.org mailbox.org tutanota.com tutanota.de tuta.io tuta.com hey.com
  yandex.com yandex.by yandex.kz yandex.ua ya.ru list.ru bk.ru inbox.ru 126.com 139.com 188.com 163.net vip.163.com
  sina.com sina.cn foxmail.com yeah.net sohu.com aliyun.com aol.de aol.fr aol.co.uk aim.com verizon.net att.net
  orange.net orange.com orange.es wanadoo.fr free.fr sfr.fr laposte.net t-online.de freenet.de arcor.de 1und1.de
  zoho.com zohomail.com hushmail.com cock.li naver.com daum.net hanmail.net libero.it tiscali.it virgilio.it alice.it
  seznam.cz centrum.cz wp.pl o2.pl onet.pl interia.pl abv.bg uol.com.br bol.com.br terra.com.br rediffmail.com
  comcast.net cox.net charter.net sbcglobal.net bellsouth.net shaw.ca rogers.com sympatico.ca btinternet.com sky.com
  virginmedia.com bluewin.ch hispeed.ch telenet.be skynet.be ziggo.nl kpnmail.nl xs4all.nl telia.com spray.se`;

test.each(PROVIDERS.split(/\s+/))('when the address is at %s, then nothing is hinted', (domain) => {
  expect(probablyMeant(`ada@${domain}`)).toBeNull();
});
