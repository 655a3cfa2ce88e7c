/** Words that tell nothing of a subject: they count inside a phrase only. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about above across after all also although among an and any are as at based be because been before being between both but by can ' +
    'could did do does due during each either for from further furthermore had has have having he her his how however i if in into is it ' +
    'its itself just may me might more moreover most much my new no nor not of off on only onto or other our out over own paper per ' +
    'propose proposed shall she should show since so some such than that the their them then there therefore these they this those ' +
    'through thus to too toward towards under until up upon us use used using various very via was we were what when where whether which ' +
    'while who whose why will with within without would yet you your'
  ).split(' '),
);
