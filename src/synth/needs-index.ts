/** The needs of one pipeline, found by who has them and by what they are about. */
import { type Need, parseArn } from '../model/index.ts'

/** A need of a role of another account on something in the hub's S3. */
export interface ForeignNeed {
  readonly need: Need
  readonly account: string
}

export class NeedsIndex {
  readonly all: readonly Need[]
  /** Needs to use a key of the hub. */
  readonly onKeys: readonly Need[]
  /** Needs of other accounts' roles in S3. */
  readonly foreignInS3: readonly ForeignNeed[]
  readonly #byPrincipal: ReadonlyMap<string, readonly Need[]>
  readonly #toAssume: ReadonlyMap<string, readonly Need[]>

  constructor(all: readonly Need[], hub: string) {
    const byPrincipal = new Map<string, Need[]>()
    const toAssume = new Map<string, Need[]>()
    for (const need of all) {
      push(byPrincipal, need.principal, need)
      if (need.action === 'sts:AssumeRole') push(toAssume, need.resource, need)
    }
    this.all = all
    this.onKeys = all.filter(({ action }) => action.startsWith('kms:'))
    this.foreignInS3 = [...byPrincipal].flatMap(([principal, needs]) => {
      const account = parseArn(principal)?.account
      if (!account || account === hub) return []
      return needs.filter(({ action }) => action.startsWith('s3:')).map((need) => ({ need, account }))
    })
    this.#byPrincipal = byPrincipal
    this.#toAssume = toAssume
  }

  /** What a role needs. */
  of(principal: string): readonly Need[] {
    return this.#byPrincipal.get(principal) ?? []
  }

  /** Who needs to assume a role. */
  toAssume(role: string): readonly Need[] {
    return this.#toAssume.get(role) ?? []
  }
}

function push(map: Map<string, Need[]>, key: string, need: Need): void {
  const list = map.get(key)
  if (list) list.push(need)
  else map.set(key, [need])
}
