/** Which model a task asks, and where its replies are kept. */
export interface AskedModel {
  /** `provider/model`. */
  readonly model: string;
  readonly baseUrl: string | null;
  /** Set by a run that is to ask everything anew; its replies are kept under this name. */
  readonly freshRun: string | null;
}
