import { describe, expect, it } from 'vitest';
import {
  byState,
  DELIVERY_STATES,
  labelOf,
  MAY_HAVE_ARRIVED,
  mayHaveArrivedCount,
  needsPersonCount,
  OPEN_STATES,
  openCount,
  unsentCount,
} from '../../src/domain/delivery.js';

describe('The states of a delivery', () => {
  const only = (one: string) => byState((state) => (state === one ? 1 : 0));

  it('are open, need a person, or are final', () => {
    const open = DELIVERY_STATES.filter((state) => openCount(only(state)) === 1);
    const needPerson = DELIVERY_STATES.filter((state) => needsPersonCount(only(state)) === 1);
    expect(open).toEqual(['planned', 'claimed', 'attempted']);
    expect(OPEN_STATES).toEqual(open);
    expect(needPerson).toEqual(['unknown']);
  });

  it('say whether a reader may have the mail', () => {
    expect(MAY_HAVE_ARRIVED).toEqual(['attempted', 'accepted', 'bounced', 'unknown']);
    expect(DELIVERY_STATES.filter((state) => mayHaveArrivedCount(only(state)) === 1)).toEqual(MAY_HAVE_ARRIVED);
  });

  it('say what cancelling ends: what is open and cannot have arrived', () => {
    expect(DELIVERY_STATES.filter((state) => unsentCount(only(state)) === 1)).toEqual(['planned', 'claimed']);
  });

  it('have labels that differ', () => {
    expect(new Set(DELIVERY_STATES.map(labelOf)).size).toBe(DELIVERY_STATES.length);
  });
});
