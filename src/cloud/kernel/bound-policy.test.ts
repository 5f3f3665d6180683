import { describe, expect, it } from 'vitest'
import { resourcePolicyOf } from '../../model/index.ts'
import { bindPolicy, compiledBoundPolicy, policyText, unknownPrincipal } from './bound-policy.ts'
import type { Directory } from './identity.ts'

const ALICE = 'arn:aws:iam::111111111111:role/alice'
const BOB = 'arn:aws:iam::111111111111:user/bob'
const ROOT = 'arn:aws:iam::111111111111:root'
const text = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: [ALICE, BOB, ROOT] },
    Action: 'kms:Decrypt',
    Resource: '*',
  },
})

const directoryOf = (ids: Record<string, string>) =>
  ({
    principalId: (arn: string) => ids[arn],
    principalExists: (arn: string) => arn === ROOT || arn in ids,
  }) as unknown as Directory

describe('a bound policy', () => {
  const before = directoryOf({ [ALICE]: 'AROA1', [BOB]: 'AIDA1' })
  const bound = bindPolicy(text, before)

  it('keeps the ids of roles and users', () => {
    expect(bound.principals).toEqual({ [ALICE]: 'AROA1', [BOB]: 'AIDA1' })
    expect(policyText(bound, before)).toBe(text)
  })

  it('shows the id of a role that is gone, or that was made again', () => {
    for (const after of [
      directoryOf({ [BOB]: 'AIDA1' }),
      directoryOf({ [ALICE]: 'AROA2', [BOB]: 'AIDA1' }),
    ]) {
      const shown = JSON.parse(policyText(bound, after))
      expect(shown.Statement[0].Principal.AWS).toEqual(['AROA1', BOB, ROOT])
    }
  })

  it('is compiled once for as long as it says the same', () => {
    const first = compiledBoundPolicy(bound, before, resourcePolicyOf('arn:aws:sns:us-east-1:111111111111:t'))
    expect(compiledBoundPolicy(bound, before, resourcePolicyOf('arn:aws:sns:us-east-1:111111111111:t'))).toBe(
      first,
    )
    const without = compiledBoundPolicy(
      bound,
      directoryOf({}),
      resourcePolicyOf('arn:aws:sns:us-east-1:111111111111:t'),
    )
    expect(without).not.toBe(first)
    expect(JSON.stringify(without.document)).toContain('AROA1')
  })

  it('names a principal that does not exist', () => {
    expect(unknownPrincipal(JSON.parse(text), before)).toBeUndefined()
    expect(unknownPrincipal(JSON.parse(text), directoryOf({ [ALICE]: 'AROA1' }))).toBe(BOB)
    const anyone = {
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }],
    } as const
    expect(unknownPrincipal(anyone, directoryOf({}))).toBeUndefined()
  })
})
