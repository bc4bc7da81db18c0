// Generated from openapi.json by "npm run contracts". Do not edit.

export interface paths {
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    before?: number;
                    limit?: number;
                    session?: string;
                    actor?: string;
                    kind?: string;
                    from?: number;
                    to?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditPage"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvalidBody"];
                    };
                };
                /** @description Refused. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditProof"];
                    };
                };
                /** @description Refused. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AuthRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuthResponse"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeviceList"];
                    };
                };
                /** @description Refused. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    all?: boolean;
                    sessionId?: string;
                    machineId?: string;
                    visibility?: string;
                    lastEventId?: string;
                    token?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": components["schemas"]["SyncEvent"];
                    };
                };
                /** @description Refused. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MachineList"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/machines/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RenameMachineRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/machines/{id}/list-directory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListDirectoryRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ListDirectoryResult"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/machines/{id}/paths/exists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PathsRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PathExistsResult"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/machines/{id}/restart-runner": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StopRunnerResult"];
                    };
                };
                /** @description Refused. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/machines/{id}/spawn": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SpawnSessionRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SpawnSessionResponse"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvalidBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/machines/{id}/stop-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["StopOnMachineRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StopSessionResult"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/machines/{id}/worktrees": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    directory?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WorktreeList"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RemoveWorktreeRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WorktreeResult"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PairRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PairResponse"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pairing-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PairingCodeRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PairingCodeResponse"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    order?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionList"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/reopen-interrupted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReopenAllRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReopenAllResponse"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionDetail"];
                    };
                };
                /** @description Refused. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RenameRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/sessions/{id}/abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/directory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: never;
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/effort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["EffortRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: never;
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/git-diff-file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: never;
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/git-diff-numstat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: never;
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/git-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: never;
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/handoff-local": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    before?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionHistory"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvalidBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    beforeAt?: number;
                    beforeSeq?: number;
                    afterAt?: number;
                    afterSeq?: number;
                    untilAt?: number;
                    untilSeq?: number;
                    epoch?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessagePage"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvalidBody"];
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SendRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvalidBody"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/messages/queued-state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["QueuedStateRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QueuedStateResponse"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvalidBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/messages/{messageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    messageId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CancelResponse"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/messages/{messageId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    messageId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RetryResponse"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/model": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ModelRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/model-reasoning-effort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReasoningEffortRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/permission-mode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PermissionModeRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/permissions/{requestId}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    requestId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ApproveRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/permissions/{requestId}/deny": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    requestId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DenyRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PinRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReopenResponse"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ResumeRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ResumeResponse"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/slash-commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: never;
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SummaryRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/visibility": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["VisibilityRequest"];
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description Refused. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
                /** @description Refused. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A request that waits for a person. Its id is the agent's tool-call id. */
        AgentRequest: {
            tool: string;
            arguments: unknown;
            /** Format: int64 */
            createdAt?: number;
            options?: components["schemas"]["RequestOption"][];
        };
        /** @description What a session has to say of its agent: above all what the agent asks, by request id, and how that was answered. An open document. */
        AgentState: {
            controlledByUser?: boolean;
            requests?: {
                [key: string]: components["schemas"]["AgentRequest"];
            };
            completedRequests?: {
                [key: string]: components["schemas"]["CompletedRequest"];
            };
        };
        /** @description A refusal. Code is stable; Error is for people. */
        ApiError: {
            error: string;
            code?: string;
            decision?: string;
            by?: string;
        };
        ApproveRequest: {
            mode?: string | null;
            allowTools?: string[] | null;
            /** @enum {string|null} */
            decision?: "approved" | "approved_for_session" | "denied" | "abort" | null;
            answers?: unknown;
        };
        Attachment: {
            id: string;
            filename: string;
            mimeType: string;
            /** Format: int64 */
            size: number;
            path: string;
            previewUrl?: string | null;
        };
        /** @description Acts, newest first. NextBefore is the cursor of the next page; absent on the last. */
        AuditPage: {
            acts: components["schemas"]["AuditedAct"][];
            /** Format: int64 */
            nextBefore?: number;
        };
        /** @description The first place that does not fit. */
        AuditProblem: {
            /** Format: int64 */
            seq: number;
            /** @enum {string} */
            what: "changed" | "removed" | "reordered" | "head";
        };
        /** @description What reading the whole chain proved. */
        AuditProof: {
            ok: boolean;
            /** Format: int64 */
            rows: number;
            head?: string;
            problem?: components["schemas"]["AuditProblem"];
        };
        /** @description One row of the audit. */
        AuditedAct: {
            /** Format: int64 */
            seq: number;
            /** Format: int64 */
            at: number;
            namespace: string;
            kind: string;
            actor: components["schemas"]["AuditedActor"];
            /** @enum {string} */
            channel: "web" | "link" | "cli" | "control" | "signal" | "hub";
            hash: string;
            sessionId?: string;
            machineId?: string;
            subject?: string;
            reason?: string;
            before?: unknown;
            after?: unknown;
        };
        /** @description Who or what did something. */
        AuditedActor: {
            /** @enum {string} */
            kind: "user" | "device" | "runner" | "session" | "hub" | "cli" | "agent";
            id?: string;
            name?: string;
        };
        AuthRequest: {
            accessToken?: string | null;
        };
        AuthResponse: {
            token: string;
            user: components["schemas"]["AuthUser"];
            hub?: components["schemas"]["HubIdentity"];
        };
        AuthUser: {
            /** Format: int64 */
            id: number;
            firstName: string;
        };
        /** @description Status is cancelled, invoked or busy. */
        CancelResponse: {
            /** @enum {string} */
            status: "cancelled" | "invoked" | "busy";
            localId: string | null;
            message?: components["schemas"]["ChatMessage"];
        };
        Capabilities: {
            workGraph: boolean;
            titleSuggestion: boolean;
        };
        /** @description One chat row. Its place is (InvokedAt ?? CreatedAt, Seq). */
        ChatMessage: {
            id: string;
            /** Format: int64 */
            seq: number;
            localId: string | null;
            content: unknown;
            /** Format: int64 */
            createdAt: number;
            /** Format: int64 */
            invokedAt: number | null;
            /** Format: int64 */
            scheduledAt: number | null;
            /** @enum {string} */
            deliveryState?: "indeterminate";
            delivery?: components["schemas"]["Delivery"];
        };
        /** @description A request that was answered, and how. */
        CompletedRequest: {
            tool: string;
            arguments: unknown;
            /** Format: int64 */
            createdAt?: number;
            /** Format: int64 */
            completedAt?: number;
            /** @enum {string} */
            status: "approved" | "denied" | "canceled";
            reason?: string;
            mode?: string;
            /** @enum {string} */
            decision?: "approved" | "approved_for_session" | "denied" | "abort";
            allowTools?: string[];
            answers?: unknown;
            by?: string;
        };
        /** @description The first frame of each connection. gap: something was missed, read everything anew. No id. */
        ConnectionChanged: {
            /** @enum {string} */
            type: "connection-changed";
            data: components["schemas"]["ConnectionState"];
        };
        /** @description How a connection stands. */
        ConnectionState: {
            /** @enum {string} */
            status: "connected";
            subscriptionId: string;
            /** @enum {string} */
            resume: "ok" | "gap";
        };
        /** @description How far a message to the agent has come: stored, sent, accepted, consumed, refused, cancelled, expired, unknown. */
        Delivery: {
            /** @enum {string} */
            state: "stored" | "sent" | "accepted" | "consumed" | "refused" | "cancelled" | "expired" | "unknown";
            /** Format: int64 */
            at: number;
            code?: string;
        };
        DenyRequest: {
            /** @enum {string|null} */
            decision?: "denied" | "abort" | null;
            reason?: string | null;
        };
        Device: {
            id: string;
            name: string;
            namespace: string;
            /** Format: int64 */
            createdAt: number;
            /** Format: int64 */
            lastSeenAt?: number;
            revoked: boolean;
        };
        DeviceList: {
            devices: components["schemas"]["Device"][];
        };
        /** @description Delivery is pending when the process is out of reach and gets it later. */
        Done: {
            ok: boolean;
            /** @enum {string} */
            delivery?: "pending";
            alreadyArchived?: boolean;
        };
        EffortRequest: {
            effort?: string | null;
        };
        Health: {
            status: string;
            /** Format: int32 */
            protocolVersion: number;
            capabilities: components["schemas"]["Capabilities"];
            hub: string;
        };
        /** @description Every 30 s. No id. */
        Heartbeat: {
            /** @enum {string} */
            type: "heartbeat";
            namespace: string;
            data: components["schemas"]["HeartbeatTime"];
        };
        /** @description The hub's time in milliseconds since 1970. */
        HeartbeatTime: {
            /** Format: int64 */
            timestamp: number;
        };
        HubIdentity: {
            id: string;
            version: string;
        };
        InvalidBody: {
            error: string;
            issues: components["schemas"]["Issues"];
            code?: string;
        };
        InvokedMessage: {
            localId: string;
            /** Format: int64 */
            invokedAt: number;
        };
        /** @description What was wrong with a request, for developers. */
        Issues: {
            formErrors: string[];
            fieldErrors: {
                [key: string]: string[];
            };
        };
        ListDirectoryRequest: {
            path: string;
            includeHidden?: boolean | null;
        };
        ListDirectoryResult: {
            success: boolean;
            entries?: components["schemas"]["MachineEntry"][];
            error?: string;
        };
        LiveFault: {
            code: string;
            message: string;
        };
        /** @description The newest snapshot of a text the agent is writing. Kind is text or reasoning; Parent is the call id of the sub-agent that writes it. */
        LiveStream: {
            id: string;
            /** @enum {string} */
            kind: "text" | "reasoning";
            text: string;
            parent?: string;
        };
        /** @description How the hub stands with the process. State is connected, unreachable or ended; Since may be 0 when unknown. */
        Liveness: {
            /** @enum {string} */
            state: "connected" | "unreachable" | "ended";
            /** Format: int64 */
            since: number;
            fault?: components["schemas"]["LiveFault"];
        };
        /** @description A machine that sessions run on. */
        Machine: {
            id: string;
            namespace: string;
            /** Format: int64 */
            seq: number;
            /** Format: int64 */
            createdAt: number;
            /** Format: int64 */
            updatedAt: number;
            active: boolean;
            /** Format: int64 */
            activeAt: number;
            metadata: components["schemas"]["MachineMetadata"] | null;
            /** Format: int64 */
            metadataVersion: number;
            runnerState: unknown;
            /** Format: int64 */
            runnerStateVersion: number;
            health: unknown;
        };
        MachineEntry: {
            name: string;
            type: string;
            /** Format: int64 */
            size?: number;
            /** Format: int64 */
            modified?: number;
            isGitRepo?: boolean;
        };
        MachineList: {
            machines: components["schemas"]["Machine"][];
        };
        /** @description What a machine says of itself. An open document. */
        MachineMetadata: {
            host: string;
            platform?: string;
            happyCliVersion?: string;
            displayName?: string;
            homeDir?: string;
        };
        MachineUpdated: {
            /** @enum {string} */
            type: "machine-updated";
            machineId: string;
            namespace: string;
            data?: components["schemas"]["Machine"];
        };
        MessageCancelledEvent: {
            /** @enum {string} */
            type: "message-cancelled";
            sessionId: string;
            namespace: string;
            messageId: string;
            localId?: string;
        };
        /** @description How far a message to the agent has come. */
        MessageDelivery: {
            /** @enum {string} */
            type: "message-delivery";
            sessionId: string;
            namespace: string;
            messageId: string;
            localId?: string;
            delivery: components["schemas"]["Delivery"];
        };
        /** @description What the agent is writing now: all open streams of the session. Not logged, no id. */
        MessageLive: {
            /** @enum {string} */
            type: "message-live";
            sessionId: string;
            namespace: string;
            streams: components["schemas"]["LiveStream"][];
        };
        /** @description A page of the conversation, ascending by place. Live stands on the latest page only: what is being written now. */
        MessagePage: {
            messages: components["schemas"]["ChatMessage"][];
            page: components["schemas"]["PageInfo"];
            live?: components["schemas"]["LiveStream"][];
        };
        MessageReceived: {
            /** @enum {string} */
            type: "message-received";
            sessionId: string;
            namespace: string;
            message: components["schemas"]["ChatMessage"];
        };
        /** @description The agent has these messages now; they take their place in the conversation at InvokedAt. */
        MessagesConsumedEvent: {
            /** @enum {string} */
            type: "messages-consumed";
            sessionId: string;
            namespace: string;
            localIds: string[];
            /** Format: int64 */
            invokedAt: number;
            steered?: boolean;
        };
        /** @description Nobody knows whether the agent got them; a person decides. */
        MessagesIndeterminateEvent: {
            /** @enum {string} */
            type: "messages-indeterminate";
            sessionId: string;
            namespace: string;
            localIds: string[];
        };
        MessagesInvalidated: {
            /** @enum {string} */
            type: "messages-invalidated";
            sessionId: string;
            namespace: string;
        };
        MessagesRequeuedEvent: {
            /** @enum {string} */
            type: "messages-requeued";
            sessionId: string;
            namespace: string;
            localIds: string[];
        };
        ModeOption: {
            id: string;
            label: string;
            tone: string;
        };
        ModelOption: {
            id: string;
            label: string;
        };
        /** @description A name, {provider, modelId}, or an explicit null for the agent's own choice. */
        ModelRequest: {
            model?: unknown;
        };
        PageInfo: {
            /** @enum {string} */
            direction: "latest" | "before" | "after";
            /** Format: int32 */
            limit: number;
            /** Format: int64 */
            epoch: number;
            reset: boolean;
            /** Format: int64 */
            nextBeforeSeq: number | null;
            /** Format: int64 */
            nextBeforeAt: number | null;
            /** Format: int64 */
            nextAfterSeq: number | null;
            /** Format: int64 */
            nextAfterAt: number | null;
            /** Format: int64 */
            snapshotHeadSeq: number | null;
            /** Format: int64 */
            snapshotHeadAt: number | null;
            hasMore: boolean;
        };
        PairRequest: {
            code?: string | null;
            name?: string | null;
        };
        /** @description The device's access token is shown this once. */
        PairResponse: {
            token: string;
            device: components["schemas"]["PairedDevice"];
        };
        PairedDevice: {
            id: string;
            name: string;
        };
        /** @description Namespace is where the device will live; absent is the owner's. */
        PairingCodeRequest: {
            name?: string | null;
            namespace?: string | null;
        };
        /** @description A one-time code and the link that carries it in its fragment. */
        PairingCodeResponse: {
            code: string;
            /** Format: int64 */
            expiresAt: number;
        };
        PathExistsResult: {
            exists: {
                [key: string]: boolean;
            };
        };
        PathsRequest: {
            paths?: string[] | null;
        };
        /** @description Kind is permission or input. */
        PendingRequest: {
            id: string;
            /** @enum {string} */
            kind: "permission" | "input";
            tool: string;
            /** Format: int64 */
            since: number;
        };
        PermissionModeRequest: {
            mode?: string | null;
        };
        PinRequest: {
            /** @enum {string|null} */
            mode?: "none" | "project" | "global" | null;
        };
        QueuedStateRequest: {
            localIds?: string[] | null;
        };
        QueuedStateResponse: {
            queuedLocalIds: string[];
            indeterminateLocalIds: string[];
            invokedLocalMessages: components["schemas"]["InvokedMessage"][];
        };
        ReasoningEffortRequest: {
            modelReasoningEffort?: string | null;
        };
        /** @description Directory is any folder of the repository, Path the worktree that goes. */
        RemoveWorktreeRequest: {
            directory?: string | null;
            path?: string | null;
        };
        /** @description An empty name takes the person's name away: the host's is shown again. */
        RenameMachineRequest: {
            displayName?: string | null;
        };
        RenameRequest: {
            name?: string | null;
        };
        /** @description Without a machine, those of all. */
        ReopenAllRequest: {
            machineId?: string | null;
        };
        /** @description The sessions that are being brought back, one after the other. One that cannot be has a reopenError in its metadata. */
        ReopenAllResponse: {
            ok: boolean;
            sessions: string[];
        };
        ReopenError: {
            /** Format: int64 */
            at: number;
            message: string;
        };
        /** @description Resumed is false for a session that was running already. */
        ReopenResponse: {
            ok: boolean;
            sessionId: string;
            resumed: boolean;
        };
        RequestOption: {
            id: string;
            label: string;
            kind: string;
        };
        ResumeRequest: {
            permissionMode?: string | null;
        };
        ResumeResponse: {
            /** @enum {string} */
            type: "success";
            sessionId: string;
        };
        /** @description LocalId is absent when there is no such message, or it was handed over already. */
        RetryResponse: {
            /** @enum {string} */
            status: "retried" | "already-queued" | "retry-unavailable" | "invoked" | "not-found";
            localId?: string;
            message?: components["schemas"]["ChatMessage"];
        };
        /** @description A scheduled message has come due. */
        ScheduledMatured: {
            /** @enum {string} */
            type: "scheduled-matured";
            sessionId: string;
            namespace: string;
        };
        SendRequest: {
            text?: string | null;
            localId?: string | null;
            attachments?: components["schemas"]["Attachment"][] | null;
            /** Format: int64 */
            scheduledAt?: number | null;
            /** @enum {string|null} */
            deliveryMode?: "queue" | "steer" | null;
        };
        /** @description A session as clients see it: the stored row with the volatile values of the moment. Times are milliseconds since 1970. */
        Session: {
            id: string;
            namespace: string;
            /** Format: int64 */
            seq: number;
            /** Format: int64 */
            createdAt: number;
            /** Format: int64 */
            updatedAt: number;
            pinned: boolean;
            globalPinned: boolean;
            active: boolean;
            /** Format: int64 */
            activeAt: number;
            metadata: components["schemas"]["SessionMetadata"] | null;
            /** Format: int64 */
            metadataVersion: number;
            agentState: components["schemas"]["AgentState"] | null;
            /** Format: int64 */
            agentStateVersion: number;
            thinking: boolean;
            /** Format: int64 */
            thinkingAt: number;
            /** Format: int64 */
            activeTurnStartedAt: number | null;
            /** Format: int32 */
            backgroundTaskCount: number;
            todos?: components["schemas"]["TodoItem"][];
            /** Format: int64 */
            todosUpdatedAt: number;
            /** Format: int64 */
            teamStateUpdatedAt: number;
            model: string | null;
            modelReasoningEffort: string | null;
            effort: string | null;
            serviceTier: string | null;
            permissionMode?: string;
            availableModes?: components["schemas"]["ModeOption"][];
            availableModels?: components["schemas"]["ModelOption"][];
            liveness?: components["schemas"]["Liveness"];
            interrupted?: boolean;
        };
        /** @description One thing that was done to a session. */
        SessionAct: {
            /** Format: int64 */
            seq: number;
            /** Format: int64 */
            at: number;
            kind: string;
            actor: components["schemas"]["AuditedActor"];
            /** @enum {string} */
            channel: "web" | "link" | "cli" | "control" | "signal" | "hub";
            subject?: string;
            reason?: string;
            before?: unknown;
            after?: unknown;
        };
        /** @description A session that was not there before. */
        SessionAdded: {
            /** @enum {string} */
            type: "session-added";
            sessionId: string;
            namespace: string;
            data: components["schemas"]["Session"];
        };
        SessionDetail: {
            session: components["schemas"]["Session"];
        };
        SessionEndedEvent: {
            /** @enum {string} */
            type: "session-ended";
            sessionId: string;
            namespace: string;
            reason?: string;
        };
        /** @description A session's own history, newest first. NextBefore is the cursor of the next page; absent on the last. */
        SessionHistory: {
            acts: components["schemas"]["SessionAct"][];
            /** Format: int64 */
            nextBefore?: number;
        };
        SessionList: {
            sessions: components["schemas"]["SessionSummary"][];
        };
        /** @description What is known of a session beside its conversation. An open document: sessions add members of their own. */
        SessionMetadata: {
            path: string;
            host: string;
            name?: string;
            summary?: components["schemas"]["SessionTitle"];
            flavor?: string;
            version?: string;
            os?: string;
            machineId?: string;
            homeDir?: string;
            /** Format: int64 */
            hostPid?: number;
            /** @enum {string} */
            startedBy?: "runner" | "terminal";
            tools?: string[];
            slashCommands?: string[];
            lifecycleState?: string;
            /** Format: int64 */
            lifecycleStateSince?: number;
            archivedBy?: string;
            archiveReason?: string;
            reopenError?: components["schemas"]["ReopenError"];
        };
        /** @description Some values of a session. Members that are absent have not changed; there are no others, ever: old clients drop a patch with a member they do not know. */
        SessionPatch: {
            active?: boolean;
            /** Format: int64 */
            activeAt?: number;
            /** Format: int64 */
            updatedAt?: number;
            thinking?: boolean;
            /** Format: int64 */
            activeTurnStartedAt?: number | null;
            model?: string;
            effort?: string;
            modelReasoningEffort?: string;
            permissionMode?: string;
            metadata?: components["schemas"]["VersionedSessionMetadata"];
            agentState?: components["schemas"]["VersionedAgentState"];
            todos?: components["schemas"]["VersionedTodoItems"];
        };
        /** @description Some values of a session: the data has no id. */
        SessionPatched: {
            /** @enum {string} */
            type: "session-updated";
            sessionId: string;
            namespace: string;
            data: components["schemas"]["SessionPatch"];
        };
        SessionRemoved: {
            /** @enum {string} */
            type: "session-removed";
            sessionId: string;
            namespace: string;
        };
        /** @description A session as the list shows it. */
        SessionSummary: {
            id: string;
            active: boolean;
            thinking: boolean;
            /** Format: int64 */
            activeAt: number;
            /** Format: int64 */
            updatedAt: number;
            pinned: boolean;
            globalPinned: boolean;
            metadata: components["schemas"]["SummaryMetadata"] | null;
            /** Format: int64 */
            metadataVersion: number;
            /** Format: int64 */
            agentStateVersion: number;
            /** Format: int64 */
            todosUpdatedAt: number;
            todoProgress: components["schemas"]["TodoProgress"] | null;
            /** Format: int32 */
            pendingRequestsCount: number;
            pendingRequestKinds: string[];
            pendingRequests: components["schemas"]["PendingRequest"][];
            /** Format: int32 */
            backgroundTaskCount: number;
            /** Format: int32 */
            futureScheduledMessageCount: number;
            /** Format: int64 */
            nextScheduledAt: number | null;
            model: string | null;
            modelReasoningEffort?: string;
            effort: string | null;
            liveness?: components["schemas"]["Liveness"];
            interrupted?: boolean;
        };
        /** @description The title that an agent, or a person, gave a session. */
        SessionTitle: {
            text: string;
            /** Format: int64 */
            updatedAt?: number;
        };
        /** @description A whole session; a client replaces what it has. */
        SessionUpdated: {
            /** @enum {string} */
            type: "session-updated";
            sessionId: string;
            namespace: string;
            data: components["schemas"]["Session"];
        };
        /** @description Start a session on a machine. Agent is an id of the agent table; Command is the command line of an agent that the table does not know. */
        SpawnSessionRequest: {
            directory?: string | null;
            agent?: string | null;
            model?: string | null;
            effort?: string | null;
            modelReasoningEffort?: string | null;
            yolo?: boolean | null;
            permissionMode?: string | null;
            /** @enum {string|null} */
            sessionType?: "simple" | "worktree" | null;
            worktreeName?: string | null;
            /** @enum {string|null} */
            startingMode?: "remote" | "pty" | null;
            approvedNewDirectoryCreation?: boolean | null;
            command?: string[] | null;
        };
        /** @description What became of it: with success the session's id, with error why. Directory is one that is missing and may be made when the person agrees. */
        SpawnSessionResponse: {
            /** @enum {string} */
            type: "success" | "error";
            sessionId?: string;
            message?: string;
            code?: string;
            directory?: string;
        };
        StopOnMachineRequest: {
            sessionId?: string | null;
        };
        StopRunnerResult: {
            message: string;
        };
        StopSessionResult: {
            status: string;
        };
        SummaryMetadata: {
            path: string;
            name?: string;
            machineId?: string;
            host?: string;
            summary?: components["schemas"]["SummaryText"];
            flavor: string | null;
            worktree?: unknown;
            agentSessionId?: string;
            lifecycleState?: string;
            archivedBy?: string;
            archiveReason?: string;
            reopenError?: components["schemas"]["ReopenError"];
        };
        SummaryRequest: {
            text?: string | null;
        };
        SummaryText: {
            text: string;
        };
        /** @description The frames of GET /api/events. Type is the first member; clients ignore types they do not know. */
        SyncEvent: components["schemas"]["ConnectionChanged"] | components["schemas"]["Heartbeat"] | components["schemas"]["MachineUpdated"] | components["schemas"]["MessageCancelledEvent"] | components["schemas"]["MessageDelivery"] | components["schemas"]["MessageLive"] | components["schemas"]["MessageReceived"] | components["schemas"]["MessagesConsumedEvent"] | components["schemas"]["MessagesIndeterminateEvent"] | components["schemas"]["MessagesInvalidated"] | components["schemas"]["MessagesRequeuedEvent"] | components["schemas"]["ScheduledMatured"] | components["schemas"]["SessionAdded"] | components["schemas"]["SessionEndedEvent"] | components["schemas"]["SessionPatched"] | components["schemas"]["SessionRemoved"] | components["schemas"]["SessionUpdated"] | components["schemas"]["Toast"];
        /** @description Something to show for a moment, to whoever looks. No id. */
        Toast: {
            /** @enum {string} */
            type: "toast";
            data: components["schemas"]["ToastData"];
        };
        /** @description What a toast says and where it leads. */
        ToastData: {
            title: string;
            body: string;
            sessionId: string;
            url: string;
        };
        /** @description One entry of an agent's plan. */
        TodoItem: {
            content: string;
            /** @enum {string} */
            status: "pending" | "in_progress" | "completed";
            /** @enum {string} */
            priority: "high" | "medium" | "low";
            id: string;
        };
        TodoProgress: {
            /** Format: int32 */
            completed: number;
            /** Format: int32 */
            total: number;
        };
        /** @description A client takes the value when Version is greater than the one it has. */
        VersionedAgentState: {
            /** Format: int64 */
            version: number;
            value: components["schemas"]["AgentState"];
        };
        /** @description A client takes the value when Version is greater than the one it has. */
        VersionedSessionMetadata: {
            /** Format: int64 */
            version: number;
            value: components["schemas"]["SessionMetadata"];
        };
        /** @description A client takes the value when Version is greater than the one it has. */
        VersionedTodoItems: {
            /** Format: int64 */
            version: number;
            value: components["schemas"]["TodoItem"][];
        };
        VisibilityRequest: {
            subscriptionId?: string | null;
            /** @enum {string|null} */
            visibility?: "visible" | "hidden" | null;
        };
        Worktree: {
            path: string;
            branch: string;
            dirty: boolean;
            inUse: boolean;
        };
        WorktreeList: {
            success: boolean;
            worktrees?: components["schemas"]["Worktree"][];
            error?: string;
        };
        WorktreeResult: {
            success: boolean;
            error?: string;
            code?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
