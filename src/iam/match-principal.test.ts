import { describe, expect, it } from 'vitest'
import { compilePrincipal, NAMED, principalAccount } from './match-principal.ts'
import type { Caller } from './request.ts'

const role = 'arn:aws:iam::111111111111:role/Deploy'
const session = 'arn:aws:sts::111111111111:assumed-role/Deploy/run'
const caller: Caller = {
  kind: 'role',
  account: '111111111111',
  arn: session,
  principalArn: role,
  identityPolicies: [],
}

describe('compilePrincipal', () => {
  it.each([
    [session, NAMED.directly],
    [role, NAMED.byRole],
    ['111111111111', NAMED.byAccount],
    ['*', NAMED.directly],
    ['arn:aws:iam::111111111111:role/*', NAMED.not],
  ])('tells how directly %s names a session', (principal, named) => {
    expect(compilePrincipal({ AWS: principal })(caller)).toBe(named)
  })

  it('does not take a role for its own session when a proof has no session to name', () => {
    expect(compilePrincipal({ AWS: role })({ ...caller, arn: role })).toBe(NAMED.byRole)
  })

  it('limits a federated session by the user who federated', () => {
    const user = 'arn:aws:iam::111111111111:user/alice'
    const arn = 'arn:aws:sts::111111111111:federated-user/guest'
    const federated: Caller = { ...caller, kind: 'user', arn, principalArn: user }
    expect(compilePrincipal({ AWS: user })(federated)).toBe(NAMED.byRole)
    expect(compilePrincipal({ AWS: arn })(federated)).toBe(NAMED.directly)
  })
})

describe('principalAccount', () => {
  it.each([
    ['111111111111', '111111111111'],
    ['arn:aws:iam::111111111111:root', '111111111111'],
    ['arn:aws-cn:iam::111111111111:root', '111111111111'],
    ['arn:aws:iam::111111111111', undefined],
    ['111111111111:root', undefined],
    ['arn:aws:iam::111111111111:user/root', undefined],
    ['1111', undefined],
  ])('%s stands for %s', (principal, account) => {
    expect(principalAccount(principal)).toBe(account)
  })
})
