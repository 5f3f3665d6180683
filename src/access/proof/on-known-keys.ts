/** Needs on whichever keys a fleet has: synthesis knows no key's id, the landscape has something that stands for each. */
import { type Need, parseArn } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'

/** Gives a need on every key of an account and region as needs on those that are known there; others as they are. */
export function onKnownKeys(needs: readonly Need[], { keys }: Landscape): Need[] {
  return needs.flatMap((need) => {
    const arn = parseArn(need.resource)
    if (arn?.service !== 'kms' || arn.resource !== 'key/*') return need
    const known = [...keys.values()].filter(
      ({ account, region }) => account === arn.account && region === arn.region,
    )
    return known.length ? known.map((key): Need => ({ ...need, resource: key.arn })) : need
  })
}
