/** Options of `halfspread run` as the command line has them; what is not given is undefined where modes differ. */
export interface RunOptions {
  mode: string;
  network?: string;
  tape?: string;
  fees?: string;
  for?: number;
  virtual: boolean;
  seed: number;
  config?: string;
  bot?: string;
  data?: string;
  paradexRest?: string;
  paradexWs?: string;
  vestRest?: string;
  vestWs?: string;
  /** Assumed time of a venue from receiving an order to matching it, ms. */
  venueMs?: number;
  json: boolean;
}

/** The same with what practice takes for granted. */
export interface PracticeRunOptions extends RunOptions {
  network: string;
  tape: string;
  fees: string;
  data: string;
}
