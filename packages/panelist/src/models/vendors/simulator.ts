import type { OpenedModel } from '../chat-model.ts';
import { NO_PROXIES } from '../transport/proxy-settings.ts';
import type { VendorPrices } from './vendor.ts';

/** It runs in this process and costs nothing. */
export const simulatorPrices: Omit<VendorPrices, 'source'> = {
  asOf: '2026-10-10',
  models: { simulator: { input: 0, output: 0 }, 'simulator?*': { input: 0, output: 0 } },
};

/** Whether a model's id is the simulator's: `simulator`, or with settings `simulator?seed=7&latency=50-300`. */
export function isSimulator(id: string): boolean {
  return id === 'simulator' || id.startsWith('simulator?');
}

/**
 * Starts a simulator on a free loopback port and reaches it over HTTP like any other provider.
 *
 * @param id `simulator`, or with settings: `simulator?seed=7&latency=50-300&server-error=0.05`.
 */
export async function simulatorModel(id: string): Promise<OpenedModel> {
  const [
    { startSimulator },
    { readSimulatorOptions },
    { createOpenAICompatible },
    { AiSdkModel },
    { modelFetch },
  ] = await Promise.all([
    import('../../simulator/server.ts'),
    import('../../simulator/option-text.ts'),
    import('@ai-sdk/openai-compatible'),
    import('../ai-sdk-model.ts'),
    import('../transport/model-fetch.ts'),
  ]);
  const settings = new URLSearchParams(id.slice('simulator'.length));
  const simulator = await startSimulator(readSimulatorOptions(settings));
  const provider = createOpenAICompatible({
    name: 'simulator',
    baseURL: simulator.url,
    // It is in this process: no proxy reaches it.
    fetch: modelFetch(NO_PROXIES),
    supportsStructuredOutputs: true,
  });
  return {
    model: new AiSdkModel(id, provider('panelist-simulator')),
    identity: id,
    account: simulator.url,
    isLocal: true,
    close: () => simulator.close(),
  };
}
