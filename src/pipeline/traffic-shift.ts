/** How a Lambda deployment moves traffic from one version of a function to the next. */

/** Shares that the new version has one after the other, the last 100, and how long each but the last is kept. */
export interface TrafficShift {
  /** Percent. */
  readonly shares: readonly number[]
  readonly minutes: number
}

/** AWS: what a deployment does that says nothing. */
export const AT_ONCE = 'AllAtOnce'

/** AWS: minutes of all waits together: two days ("AWS Lambda deploy action reference", "DeployStrategy"). */
const LONGEST = 2 * 24 * 60

const CANARY = /^Canary(\d+)Percent(\d+)Minutes?$/
const LINEAR = /^Linear(\d+)PercentEvery(\d+)Minutes?$/

/**
 * Reads a DeployStrategy: `AllAtOnce`, `Canary10Percent5Minutes`, `Linear10PercentEvery1Minute`. AWS: both numbers may be
 * others. Gives what is wrong with it where it is none.
 */
export function parseStrategy(strategy: string): TrafficShift | { readonly problem: string } {
  if (strategy === AT_ONCE) return { shares: [100], minutes: 0 }
  const canary = CANARY.exec(strategy)
  const [, percent = 0, minutes = 0] = (canary ?? LINEAR.exec(strategy) ?? []).map(Number)
  if (!percent && !minutes)
    return {
      problem: `"${strategy}" is none of AllAtOnce, Canary…Percent…Minutes, Linear…PercentEvery…Minutes`,
    }
  if (percent < 1 || percent > 99)
    return { problem: `"${strategy}" moves ${percent} percent; 1 to 99 are possible` }
  if (minutes < 1) return { problem: `"${strategy}" waits for no minute` }
  const steps = canary ? 2 : Math.ceil(100 / percent)
  if (minutes * (steps - 1) > LONGEST)
    return {
      problem: `"${strategy}" waits for ${minutes * (steps - 1)} minutes in all; two days are the most`,
    }
  const shares = Array.from({ length: steps }, (_, step) => (step === steps - 1 ? 100 : percent * (step + 1)))
  return { shares, minutes }
}
