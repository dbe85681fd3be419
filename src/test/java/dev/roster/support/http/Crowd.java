package dev.roster.support.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Many open connections whose clients send and read only when told to. No method waits for the service. Not
 * thread-safe.
 */
public final class Crowd implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 4096;

    private final List<Member> members = new ArrayList<>();

    /** @param base the address of the service */
    public Crowd(URI base, int size) {
        InetSocketAddress address = new InetSocketAddress(base.getHost(), base.getPort());
        try {
            for (int i = 0; i < size; i++) {
                members.add(new Member(address));
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
    }

    /** Sends this text over each connection, as far as its buffer takes it. */
    public Crowd send(String text) {
        return send(i -> text);
    }

    /** Sends a text of its own over each connection; the index begins at 0. */
    public Crowd send(IntFunction<String> text) {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).send(text.apply(i).getBytes(StandardCharsets.ISO_8859_1));
        }
        return this;
    }

    /** Closes the output of each connection. */
    public Crowd endOutput() {
        members.forEach(Member::endOutput);
        return this;
    }

    /** The local ports of the connections. */
    public Set<Integer> ports() {
        return members.stream().map(member -> member.port).collect(Collectors.toSet());
    }

    /** How many connections there are. */
    public int size() {
        return members.size();
    }

    /** Reads what has arrived and returns how many connections the service has ended. */
    public long ended() {
        members.forEach(Member::receive);
        return members.stream().filter(member -> member.ended).count();
    }

    /** What {@link #ended} has read from each connection. */
    public List<String> received() {
        return members.stream()
                .map(member -> member.received.toString(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Override
    public void close() {
        members.forEach(Member::close);
    }

    private static final class Member {
        private final SocketChannel channel;
        private final int port;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream(0);
        private boolean ended;

        Member(InetSocketAddress address) throws IOException {
            channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.connect(address);
            channel.configureBlocking(false);
            port = channel.socket().getLocalPort();
        }

        void send(byte[] bytes) {
            try {
                channel.write(ByteBuffer.wrap(bytes));
            } catch (IOException refused) {
                // receive() finds the end of the connection.
                return;
            }
        }

        void endOutput() {
            try {
                channel.shutdownOutput();
            } catch (IOException e) {
                ended = true;
            }
        }

        void receive() {
            ByteBuffer buffer = ByteBuffer.allocate(RECEIVE_BUFFER);
            try {
                int count;
                while (!ended && (count = channel.read(buffer.clear())) != 0) {
                    ended = count < 0;
                    received.write(buffer.array(), 0, Math.max(0, count));
                }
            } catch (IOException reset) {
                ended = true;
            }
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
