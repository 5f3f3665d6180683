export declare const services: readonly string[]
export declare const typedByModel: readonly string[]
export declare const botocoreNames: Readonly<Record<string, string>>
export declare const clients: Readonly<Record<string, string>>
export declare const droppedOperations: Readonly<Record<string, readonly string[]>>
export declare const queryNames: Readonly<
  Record<
    string,
    { readonly xmlNamespace: string; readonly collections: Readonly<Record<string, readonly string[]>> }
  >
>
export declare const retypedShapes: Readonly<Record<string, Readonly<Record<string, string>>>>
export declare const queryErrorCodes: Readonly<Record<string, Readonly<Record<string, string>>>>
export declare const rootElements: Readonly<Record<string, Readonly<Record<string, string>>>>
