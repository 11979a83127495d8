/** State to picture: one shape, one text, one tone per state. A new state does not compile without them. */
import type { Mode, TradingState } from '../../engine/protocol/model.ts';
import type { LinkState } from '../../main/ipc/schema.ts';
import type { TextKey } from '../../main/text/catalogue.ts';
import type { GlyphName } from '../parts/glyphs.ts';

export interface Picture {
  glyph: GlyphName;
  text: TextKey;
  tone: 'calm' | 'warn' | 'danger';
}

/** The trading axis: engine to venues. A disarmed live desk rests: that it takes no entries is no trouble. */
export function tradingPicture(state: TradingState, mode: Mode, isDisarmed = false): Picture {
  if (state === 'paused' && isDisarmed) return { glyph: 'observing', text: 'arm.state.disarmed', tone: 'calm' };
  switch (state) {
    case 'starting':
      return { glyph: 'wait', text: 'trading.starting', tone: 'calm' };
    case 'observing':
      return { glyph: 'observing', text: 'trading.observing', tone: 'calm' };
    case 'trading':
      return { glyph: 'trading', text: tradingText(mode), tone: 'calm' };
    case 'paused':
      return { glyph: 'observing', text: 'trading.paused', tone: 'warn' };
    case 'halted':
      return { glyph: 'error', text: 'trading.halted', tone: 'danger' };
    case 'stopped':
      return { glyph: 'off', text: 'trading.stopped', tone: 'calm' };
    case 'locked':
      return { glyph: 'locked', text: 'trading.locked', tone: 'warn' };
  }
}

function tradingText(mode: Mode): TextKey {
  switch (mode) {
    case 'practice':
      return 'trading.practising';
    case 'paper':
      return 'trading.paper';
    case 'live':
      return 'trading.trading';
  }
}

/** The link axis: desktop to engine. */
export function linkPicture(state: LinkState['state']): Pick<Picture, 'glyph' | 'tone'> {
  switch (state) {
    case 'connecting':
      return { glyph: 'wait', tone: 'calm' };
    case 'ready':
      return { glyph: 'link', tone: 'calm' };
    case 'lost':
      return { glyph: 'linkLost', tone: 'warn' };
  }
}
