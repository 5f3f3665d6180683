/** Accounts and the regions in them. */

/** Accounts under one name, and the regions of them that are deployed to. */
export interface Environment {
  readonly name: string
  /** At least one, each once. */
  readonly accounts: readonly EnvironmentAccount[]
  /** At least one. */
  readonly regions: readonly string[]
}

/** An account of an environment, and how to get credentials for it. */
export interface EnvironmentAccount {
  readonly environment: string
  /** The environment's where it has one account, otherwise as the fleet file or AWS Organizations names it. */
  readonly name: string
  /** Twelve digits, always text. */
  readonly account: string
  /** Where the account's global resources (roles) are deployed: the first region of the environment. */
  readonly home: string
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
