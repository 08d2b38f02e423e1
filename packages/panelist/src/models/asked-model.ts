/** Which model a task asks, and what its replies are stored under. */
export interface AskedModel {
  /** `provider/model`. */
  readonly model: string;
  readonly baseUrl: string | null;
  /** Set by a run that asks everything again; its replies are stored under this name. */
  readonly freshRun: string | null;
}
