/** Types of the functions of jstat used here; the package has none. */
declare module 'jstat' {
  interface Distribution<Parameters extends number[]> {
    cdf(x: number, ...parameters: Parameters): number;
    inv(p: number, ...parameters: Parameters): number;
  }
  const jstat: {
    readonly normal: Distribution<[mean: number, sd: number]>;
    /** The regularised incomplete beta function. */
    ibeta(x: number, a: number, b: number): number;
    readonly studentt: Distribution<[df: number]>;
  };
  export default jstat;
}
