/** Accounts and the regions in them. */

/** A named account with the regions that are deployed to, and how to get credentials for it. */
export interface Environment {
  readonly name: string
  /** Twelve digits, always text. */
  readonly account: string
  /** At least one; the first is where the account's global resources (roles) are deployed. */
  readonly regions: readonly string[]
  /** Named profile in the user's AWS configuration. */
  readonly profile?: string
  /** ARN of a role to assume from the hub's credentials. */
  readonly role?: string
}

/** The account and region that own the pipelines. */
export interface Hub {
  readonly account: string
  readonly region: string
  readonly profile?: string
  readonly role?: string
}

/** One account in one region: where a stack is deployed. */
export interface Target {
  readonly account: string
  readonly region: string
}
