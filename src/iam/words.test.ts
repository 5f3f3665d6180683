import { describe, expect, it } from 'vitest'
import {
  inlinePolicy,
  isSamePolicy,
  managedPolicyRef,
  type PolicyRef,
  resourcePolicyOf,
  supposedPolicy,
  trustPolicyOf,
} from '../model/index.ts'
import { policyName } from './words.ts'

const ROLE = 'arn:aws:iam::111111111111:role/team/r'
const MANAGED = 'arn:aws:iam::111111111111:policy/p'

describe('policyName', () => {
  it.each<[PolicyRef, string]>([
    [inlinePolicy(ROLE), `identity policy of ${ROLE}`],
    [inlinePolicy(ROLE, 'all'), `identity policy all of ${ROLE}`],
    [managedPolicyRef(MANAGED), MANAGED],
    [{ kind: 'boundary', owner: ROLE, arn: MANAGED }, `permissions boundary ${MANAGED} of ${ROLE}`],
    [trustPolicyOf(ROLE), `trust policy of ${ROLE}`],
    [resourcePolicyOf('arn:aws:s3:::b'), 'bucket policy of arn:aws:s3:::b'],
    [resourcePolicyOf('arn:aws:ecr:r:1:repository/a'), 'repository policy of arn:aws:ecr:r:1:repository/a'],
    [
      resourcePolicyOf('arn:aws:events:r:1:event-bus/a'),
      'policy of the event bus arn:aws:events:r:1:event-bus/a',
    ],
    [resourcePolicyOf('arn:aws:lambda:r:1:function:f'), 'resource policy of arn:aws:lambda:r:1:function:f'],
    [resourcePolicyOf('<Topic>', 'sns'), 'topic policy of <Topic>'],
    [supposedPolicy('suggestion'), 'suggestion'],
    [
      { kind: 'service control', owner: { kind: 'account', id: '222222222222' } },
      'service control policies of account 222222222222',
    ],
    [
      {
        kind: 'service control',
        owner: { kind: 'root' },
        name: 'guard',
        arn: 'arn:aws:organizations::1:policy/o/s/p-1',
      },
      'service control policy guard (p-1) of the root',
    ],
    [
      { kind: 'resource control', owner: { kind: 'unit', id: 'ou-1', name: 'Work' }, name: 'guard' },
      'resource control policy guard of the organizational unit Work (ou-1)',
    ],
  ])('%j is %s', (ref, name) => {
    expect(policyName(ref)).toBe(name)
    expect(isSamePolicy(ref, { ...ref })).toBe(true)
  })

  it('does not decide which policies are the same', () => {
    expect(isSamePolicy(inlinePolicy(ROLE, 'a'), supposedPolicy(`identity policy a of ${ROLE}`))).toBe(false)
  })
})
