package dev.roster.support.contract;

import dev.roster.support.http.OpenApi.Operation;

/** Makes calls to one service that succeed. */
@FunctionalInterface
public interface Caller {
    Call call(Operation operation);
}
