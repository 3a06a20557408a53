import dev.backscroll.v1.GetUnreadSummaryRequest;
import dev.backscroll.v1.UserServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.util.concurrent.TimeUnit;

/** Calls a server once. Argument: HOST:PORT. */
final class FirstCall {
    public static void main(String[] arguments) {
        ManagedChannel channel = Grpc.newChannelBuilder(arguments[0], InsecureChannelCredentials.create()).build();
        try {
            GetUnreadSummaryRequest request = GetUnreadSummaryRequest.newBuilder().setUserId("pack-java").build();
            int unread = UserServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .getUnreadSummary(request)
                .getTotals()
                .getUnreadCount();
            System.out.println("answered: " + unread);
        } finally {
            channel.shutdownNow();
        }
    }
}
