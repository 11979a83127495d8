export const modes = {
  'modes.config.note.head':
    'The desk of paper and live. Spreads are in percent (0.18 = 0.18 %), sizes in coins, limits in USD.',
  'modes.config.note.head.reload':
    'Save, then press Reload in Halfspread. A file with a mistake is not used: the last valid one stays.',
  'modes.config.note.spread':
    'Enter from this spread on, leave at that one. A round trip costs 0.11 % in published fees (Pro and Vest).',
  'modes.config.note.spreadMax': 'A spread above this is taken for bad data.',
  'modes.config.note.confirmTicks': 'How often in a row the spread must be seen before an entry.',
  'modes.config.note.size': 'Of one trade, in coins.',
  'modes.config.note.orderClass': 'Paradex orders: pro pays fees; retail pays none and waits 300 ms.',
  'modes.config.note.maxNotional': 'Value of the position at one venue, at most. Arming live asks you to type it.',
  'modes.config.note.maxUnhedged': 'One leg without the other for longer than this is an alarm; live disarms.',
  'modes.config.note.maxDayLoss': 'Loss of one UTC day at which entries stop; live disarms.',

  'arm.state.disarmed': 'disarmed, no entries',
  'arm.state.armed': 'armed',
  'arm.reason.HS_DISARMED_START': 'It has not been armed since the engine started.',
  'arm.reason.HS_DISARMED_RESTART': 'The engine was started anew; the run before it was armed.',
  'arm.reason.HS_DISARMED_OPERATOR': 'You disarmed it.',
  'arm.reason.HS_DISARMED_SCREEN_LOCKED': 'The screen was locked.',
  'arm.reason.HS_DISARMED_SLEEP': 'This machine went to sleep.',
  'arm.reason.HS_DISARMED_QUIT': 'Halfspread was quit.',
  'arm.reason.HS_DISARMED_UNHEDGED': 'A leg was without its other side for longer than the limit.',
  'arm.reason.HS_DISARMED_DAY_LOSS': 'The loss of the day reached its limit.',
  'arm.reason.HS_DISARMED_JOURNAL': 'The journal could not be written.',
  'arm.reason.HS_DISARMED_KEY_EXPIRY': 'A key is about to end.',
  'arm.reason.HS_DISARMED_VENUE_LOST': 'A venue could not be traded on for too long.',
  'arm.reason.HS_DISARMED_FAULT': 'A fault that calls for a person.',
  'arm.reason.HS_DISARMED_MEANWHILE': 'It was disarmed while it was being armed.',

  'arm.alert.lost.title': 'The armed engine ended: exposure unknown',
  'arm.alert.lost.body':
    'What is open at the venues is not known until it has looked. It is started again and comes back disarmed.',
  'arm.alert.blocked.body':
    'Halfspread gave up ({code}). What is open at the venues is not known: look at both of them now.',
  'arm.alert.isDisarmed': 'It is disarmed: no entry is opened.',
  'arm.alert.disarmed.title': 'Live trading was disarmed',
  'arm.alert.disarmed.body': '{reason} No entry is opened until you arm it again.',
  'arm.alert.disarmed.open': '{reason} No entry is opened; what is open is still closed and hedged.',
  'arm.unknown.tray': 'Exposure unknown: the armed engine ended',
  'arm.tray.armed': 'Armed: real orders, at most {notional} at each venue',
  'arm.tray.arm': 'Arm live trading…',
  'arm.tray.disarm': 'Disarm',

  'arm.question.title': 'Arm live trading of {desk} on {network}?',
  'arm.question.real': 'Real orders with real money, from the next signal on.',
  'arm.question.notional': 'At most {notional} at each venue, {size} a trade.',
  'arm.question.unhedged': 'One leg alone for longer than {duration} disarms.',
  'arm.question.dayLoss': 'A loss of {loss} in one UTC day disarms.',
  'arm.question.nakedLeg':
    'Worst case with one leg alone and the venue answering: about {cost} lost, closed after {duration}. Should it not answer, the leg stays open.',
  'arm.question.orders.pro': 'Paradex orders of class Pro. Fees of a round trip: {fees}.',
  'arm.question.orders.retail': 'Paradex orders of class Retail, 300 ms later. Fees of a round trip: {fees}.',
  'arm.question.confirm': 'Arm live trading',
  'arm.question.cancel': 'Stay disarmed',
  'arm.code.terminal': 'Type this code into the window within {seconds} s, or do nothing: {code}',
} as const;
