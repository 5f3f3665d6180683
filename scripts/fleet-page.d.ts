export declare function fleetPage(schema: unknown, reference: unknown): string
