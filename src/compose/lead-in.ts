/** Whether a text leads to something that follows it, so that it is no place to end. Pure. */

/** Ends with a mark after which more is expected. */
const OPEN_END = /[:：,;،；、–—-]["'”’)\]]?$/u;
const CLOSED_END = /[.!?…。！？؟۔։।]["'”’»)\]）」』]*$/u;

/** Words that point at what comes next. */
const POINTS_AHEAD =
  /(?:^|[^\p{L}])(?:below|following|as follows|like (?:this|so|these)|such as|for (?:example|instance)|e\.g\.|here(?:['’]s| is| are)|this (?:is|was) (?:the|what|how)|these (?:are|were)|shown here|look at this|folgende[nrs]?|unten|hier (?:ist|sind|ein|eine)|so aus|zum beispiel|suivante?s?|ci-dessous|voici|par exemple|siguientes?|a continuación|abajo|por ejemplo|seguintes?|abaixo|seguenti?|qui sotto|ecco|volgende|hieronder|次の|以下|下記|如下|以下是|下面)(?![\p{Ll}])/iu;

/** Whether a text ends with a colon or another mark after which more is expected. */
export function isOpenEnded(text: string): boolean {
  return OPEN_END.test(text.trimEnd());
}

/**
 * Whether the last sentence of a block leads to what comes after the block.
 * @param mayTrailOff whether a sentence without a full stop does: before a list or code, not before a picture
 */
export function leadsToNext(sentence: string, mayTrailOff: boolean): boolean {
  const said = sentence.trim();
  return isOpenEnded(said) || (mayTrailOff && !CLOSED_END.test(said)) || POINTS_AHEAD.test(said);
}
