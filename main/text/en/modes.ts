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
